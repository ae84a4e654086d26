using System.Reflection;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Presence.Core.Options;
using Presence.Core.TableStorage;
using Presence.Functions;
using Presence.Functions.Telemetry;

namespace Presence.Tests.Infra;

public class AppSettingsTests(CompiledInfra infra)
{
    private const string Prefix = PresenceOptions.Section + "__";

    /// <summary>What the Functions host and its extensions read, and so no code of ours shows.</summary>
    private static readonly Dictionary<string, string> ReadByTheHost = new()
    {
        ["AzureWebJobsStorage__accountName"] = "where the host keeps leases, keys and the package, and StorageConnection the table",
        ["AzureWebJobsStorage__credential"] = "managedidentity: the host takes no other credential together with a client id",
        ["AzureWebJobsStorage__clientId"] = "which identity; StorageConnection reads it as well",
        ["AzureSignalRConnectionString__serviceUri"] = "the SignalR extension and the worker's ServerlessHub: the service, without a key",
        ["AzureSignalRConnectionString__credential"] = "managedidentity, for both",
        ["AzureSignalRConnectionString__clientId"] = "which identity, for both",
        [TelemetryServices.AzureMonitorSetting] = "the host's telemetry, and ours",
        ["OTEL_TRACES_SAMPLER"] = "the exporters of the host and of the worker: so many traces a second, however many calls",
        ["OTEL_TRACES_SAMPLER_ARG"] = "how many",
        [TelemetryServices.AuthenticationSetting] = "which identity sends it: Application Insights takes no key",
    };

    private IReadOnlyDictionary<string, string> Settings => infra.Snapshot.AppSettings;

    private IEnumerable<string> OwnSettings => Settings.Keys.Where(IsOwn);

    [Fact]
    public void TheSettingsOfOthersAreExactlyThoseThatTheHostReads() =>
        Assert.Equal(ReadByTheHost.Keys.Order(), Settings.Keys.Where(s => !IsOwn(s)).Order());

    [Fact]
    public void EverySettingOfOursIsReadByTheOptions() =>
        Assert.All(OwnSettings.Except(References), s => Assert.NotNull(OptionAt(s[Prefix.Length..].Split("__"))));

    /// <summary>What wakes the app knows no nested names.</summary>
    [Fact]
    public void NoFunctionRefersToANestedSetting() =>
        Assert.DoesNotContain(References, r => r.Contains(':', StringComparison.Ordinal) || r.Contains("__", StringComparison.Ordinal));

    [Fact]
    public void TheSettingsAreValid() => Assert.Empty(Problems(Settings));

    [Fact]
    public void EverySettingThatAFunctionRefersToIsSet()
    {
        Assert.NotEmpty(References);
        Assert.All(References, r => Assert.Contains(r, Settings.Keys));
    }

    [Fact]
    public void WithoutAnyOneOfOurSettingsTheAppWouldNotStart()
    {
        Assert.NotEmpty(OwnSettings);
        Assert.Empty(Problems(Settings));
        Assert.All(OwnSettings, dropped =>
        {
            var rest = Settings.Where(s => s.Key != dropped).ToDictionary();
            Assert.True(Problems(rest).Any() || References.Contains(dropped), dropped);
        });
    }

    [Fact]
    public void CallersAreVouchedForByTheAuthorityGiven()
    {
        var authentication = Options(Settings).Authentication;

        Assert.Equal("https://login.example.com", authentication.Authority);
        Assert.Equal("presence-api", authentication.Audience);
        Assert.Null(authentication.SigningKey);
    }

    [Fact]
    public void OurStorageIsTheAccountOfTheTemplate()
    {
        var client = Assert.Single(new StorageConnection(Configuration(Settings)).CreateClients("", new TableClientOptions()));

        Assert.Equal(infra.Snapshot.Only("Microsoft.Storage/storageAccounts")["name"]!.GetValue<string>(), client.AccountName);
        Assert.Equal(Uri.UriSchemeHttps, client.Uri.Scheme);
    }

    [Fact]
    public void TheTableSpreadsOverTheAccountsOfTheTemplate()
    {
        var snapshot = infra.SnapshotWith(new Dictionary<string, string> { ["PRESENCE_STORAGE_ACCOUNT_COUNT"] = "3" });
        var options = Options(snapshot.AppSettings);

        var clients = new StorageConnection(Configuration(snapshot.AppSettings)).CreateClients(options.StorageAccounts, new TableClientOptions());

        Assert.Empty(Problems(snapshot.AppSettings));
        Assert.Equal(
            snapshot.OfType("Microsoft.Storage/storageAccounts").Select(a => a["name"]!.GetValue<string>()), clients.Select(c => c.AccountName));
        Assert.Equal(3, clients.Count);
        Assert.DoesNotContain(Prefix + nameof(PresenceOptions.StorageAccounts), Settings.Keys);
    }

    [Fact]
    public void TheUnitsOfTheTemplateAreThoseThatTheForecastTakesToBePaidFor()
    {
        var snapshot = infra.SnapshotWith(new Dictionary<string, string> { ["PRESENCE_SIGNALR_UNITS"] = "3" });

        Assert.Empty(Problems(snapshot.AppSettings));
        Assert.Equal(3, Options(snapshot.AppSettings).Prices.Units);
        Assert.Equal(1, Options(Settings).Prices.Units);
    }

    [Fact]
    public void TheIdentityOfTheSettingsIsTheOneOfTheApp()
    {
        string[] names = ["AzureWebJobsStorage__clientId", "AzureSignalRConnectionString__clientId", TelemetryServices.AuthenticationSetting];
        var identity = Assert.Single(infra.Snapshot.Only("Microsoft.Web/sites")["identity"]!["userAssignedIdentities"]!.AsObject()).Key;

        Assert.All(names, n => Assert.Contains($"reference('{identity}', '2024-11-30').clientId", Settings[n], StringComparison.Ordinal));
        Assert.StartsWith("[format('Authorization=AAD;ClientId={0}', ", Settings[TelemetryServices.AuthenticationSetting], StringComparison.Ordinal);
    }

    [Fact]
    public void FurtherSettingsComeByAParameter()
    {
        var snapshot = infra.SnapshotWith(new Dictionary<string, string>
        {
            ["PRESENCE_SETTINGS"] = """{"OfflineAfter":"00:02:00","Authentication__UserIdClaim":"oid"}""",
            ["PRESENCE_SWEEP_SCHEDULE"] = "*/30 * * * * *",
        });

        var options = Options(snapshot.AppSettings);
        Assert.Equal(TimeSpan.FromMinutes(2), options.OfflineAfter);
        Assert.Equal("oid", options.Authentication.UserIdClaim);
        Assert.Equal("*/30 * * * * *", options.SweepSchedule);
    }

    /// <summary>The settings that stand between percent signs in the schedules of the functions.</summary>
    private static IReadOnlyList<string> References { get; } =
    [
        .. typeof(TimerFunctions).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods())
            .SelectMany(m => m.GetParameters())
            .Select(p => p.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule)
            .OfType<string>()
            .Select(schedule => schedule.Trim('%')),
    ];

    private static bool IsOwn(string setting) => setting.StartsWith(PresenceOptions.Section, StringComparison.Ordinal);

    private static PropertyInfo? OptionAt(string[] path) => path.Aggregate(
        (Type: typeof(PresenceOptions), Property: (PropertyInfo?)null),
        (at, name) => at.Type.GetProperty(name) is { CanWrite: true } property ? (property.PropertyType, property) : (typeof(void), null)).Property;

    private static IEnumerable<string> Problems(IEnumerable<KeyValuePair<string, string>> settings) =>
        new PresenceOptionsValidator().Validate(null, Options(settings)).Failures ?? [];

    private static PresenceOptions Options(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var configuration = Configuration(settings);
        var options = configuration.GetSection(PresenceOptions.Section).Get<PresenceOptions>() ?? new();
        ScheduleSettings.Apply(options, configuration);
        return options;
    }

    /// <summary>As the environment is read: two underscores stand for a colon.</summary>
    private static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string>> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value)))
        .Build();
}
