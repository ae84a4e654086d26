using Presence.Core.Options;
using Presence.LocalHost.Development;
using Presence.LocalHost.Hosting;
using Presence.LocalHost.SignalR;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>One running instance, and the callers that reach it.</summary>
internal sealed class PresenceSystem : IAsyncDisposable
{
    private const string LocalFunctionKey = "the-function-key-of-the-tests";

    private readonly HttpClient _http;
    private readonly PresenceLocalHost? _host;

    private PresenceSystem(Uri baseAddress, string? functionKey, Tokens tokens, PresenceLocalHost? host)
    {
        _http = new HttpClient(new ContractHandler(new SocketsHttpHandler())) { BaseAddress = baseAddress };
        _host = host;
        Tokens = tokens;
        // Who asks for no key minds none.
        Backend = new Caller(_http, ("x-functions-key", functionKey ?? "none"));
        Nobody = new Caller(_http);
    }

    public Tokens Tokens { get; }

    /// <summary>The application's backend.</summary>
    public Caller Backend { get; }

    /// <summary>One without credentials.</summary>
    public Caller Nobody { get; }

    public PresenceLocalHost Host => _host ?? throw new InvalidOperationException("This system is no local host.");

    public string Table { get; private init; } = "";

    public static PresenceSystem At(Uri baseAddress, string? functionKey, string signingKey, string audience) =>
        new(baseAddress, functionKey, new Tokens(signingKey, audience), host: null);

    public static async Task<PresenceSystem> StartAsync(LocalParts parts, params (string Name, string Value)[] settings)
    {
        var table = parts.Table ?? $"test{Guid.NewGuid():N}";
        var all = new Dictionary<string, string?>
        {
            [SettingNames.StorageConnectionString] = parts.Storage ?? await SharedParts.StorageAsync(),
            [SettingNames.SignalRConnectionString] = parts.SignalR,
            [SettingNames.FunctionKey] = LocalFunctionKey,
            [Setting(nameof(PresenceOptions.TableName))] = table,
            [Setting(nameof(PresenceOptions.SweepSchedule))] = "* * * * * *",
            [Setting(nameof(PresenceOptions.CensusSchedule))] = "* * * * * *",
            [Setting(nameof(PresenceOptions.AllowPrivateWebhooks))] = "false",
            [Setting(nameof(PresenceOptions.WebhookSchedule))] = "* * * * * *",

            // Whoever counts what is asked of storage and of the service is not to be disturbed.
            [Setting(nameof(PresenceOptions.TruthSample))] = "0",
        };
        foreach (var (name, value) in settings.Select(s => (Setting(s.Name), s.Value)).Concat(parts.Settings.Select(s => (s.Key, s.Value))))
        {
            all[name] = value;
        }

        var options = new PresenceLocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Settings = all,
            StartSignalREmulator = async (logging, cancellationToken) =>
                new TestEmulator(await SignalREmulator.StartAsync(parts.Emulator, logging, cancellationToken)),
        }.WithPresence();
        var configure = options.ConfigureServices!;
        options.ConfigureServices = (services, configuration) =>
        {
            configure(services, configuration);
            parts.Services?.Invoke(services);
        };
        var host = await PresenceLocalHost.StartAsync(options, CancellationToken.None);
        var tokens = new Tokens(DevelopmentCredentials.SigningKey, DevelopmentCredentials.Audience);
        return new(host.BaseAddress, LocalFunctionKey, tokens, host) { Table = table };
    }

    /// <summary>A registered user nobody has seen before.</summary>
    public User NewUser(string name) => UserOf($"{name}-{Guid.NewGuid():N}");

    /// <summary>The registered user of that id.</summary>
    public User UserOf(string id) => new(id, new Caller(_http, ("Authorization", $"Bearer {Tokens.For(id)}")));

    /// <summary>The user with a token issued at the moment given; null does not say when.</summary>
    public User SignedInAt(User user, DateTimeOffset? issuedAt, TimeSpan? lifetime = null) =>
        user with { Caller = new Caller(_http, ("Authorization", $"Bearer {Tokens.For(user.Id, issuedAt, lifetime)}")) };

    /// <summary>A guest nobody has seen before, with a session.</summary>
    public async Task<User> NewGuestAsync(string name, double? lifetimeSeconds = null)
    {
        var session = await Backend.PostAsync(
            "api/anonymous-sessions", new { participantId = $"{name}-{Guid.NewGuid():N}", lifetimeSeconds });
        return new(session.Text("userId"), CallerWith("X-Session-Token", session.Text("token")));
    }

    /// <summary>A caller with the header given.</summary>
    public Caller CallerWith(string header, string value) => new(_http, (header, value));

    /// <summary>Puts users into a conversation.</summary>
    public async Task JoinAsync(string conversation, params User[] users)
    {
        foreach (var user in users)
        {
            (await Backend.SendAsync(HttpMethod.Put, $"api/conversations/{conversation}/members?userId={Uri.EscapeDataString(user.Id)}")).MustBeOk();
        }
    }

    /// <summary>Lets a viewer see a user without a conversation in common.</summary>
    public async Task AllowAsync(User viewer, User user) => (await Backend.SendAsync(
        HttpMethod.Put, $"api/visibility/allowed?userId={Uri.EscapeDataString(user.Id)}&viewerId={Uri.EscapeDataString(viewer.Id)}")).MustBeOk();

    /// <summary>Runs the clean-up: lists of those who watch an erased user name it until then.</summary>
    public async Task CleanUpAsync() => (await Backend.PostAsync("maintenance/cleanup")).MustBeOk();

    /// <summary>Takes a user out of a conversation.</summary>
    public async Task LeaveAsync(string conversation, User user) =>
        (await Backend.SendAsync(HttpMethod.Delete, $"api/conversations/{conversation}/members?userId={Uri.EscapeDataString(user.Id)}")).MustBeOk();

    /// <summary>Sets a status by hand.</summary>
    public async Task SetAsync(string userId, bool isOnline) =>
        (await Backend.PostAsync("maintenance/user-status", new { userId, isOnline })).MustBeOk();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>Schedules alone are not nested.</summary>
    private static string Setting(string name) =>
        PresenceOptions.Section + (name.EndsWith("Schedule", StringComparison.Ordinal) ? "" : "__") + name;
}
