using System.Net;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Presence.LocalHost.Azurite;
using Presence.LocalHost.Hosting;

namespace Presence.Tests.LocalHost.Hosting;

public class PresenceLocalHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutSettingsItsFunctionsFindTheStorageAndTheServiceThatItStarted()
    {
        var emulator = new FakeEmulator();
        await using (var host = await PresenceLocalHost.StartAsync(Options(emulator), Cancellation))
        {
            using var client = new HttpClient { BaseAddress = host.BaseAddress };

            Assert.Equal(host.Azurite?.ConnectionString, await client.GetStringAsync("settings/AzureWebJobsStorage", Cancellation));
            Assert.Equal(emulator.ConnectionString, await client.GetStringAsync("settings/AzureSignalRConnectionString", Cancellation));
            Assert.Equal(new Uri(host.BaseAddress, "runtime/webhooks/signalr"), emulator.Webhook);
            var tables = new TableServiceClient(host.StorageConnectionString);
            Assert.Empty(await tables.QueryAsync(cancellationToken: Cancellation).ToArrayAsync(Cancellation));
        }

        Assert.True(emulator.IsDisposed);
    }

    [Fact]
    public async Task WithSettingsNothingIsStarted()
    {
        var emulator = new FakeEmulator();
        var settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = "mine", ["AzureSignalRConnectionString"] = "mine too" };
        await using var host = await PresenceLocalHost.StartAsync(Options(emulator, settings), Cancellation);

        Assert.Null(host.Azurite);
        Assert.False(host.HasSignalREmulator);
        Assert.Equal("mine", host.StorageConnectionString);
        Assert.Equal("mine too", host.SignalRConnectionString);
        Assert.Null(emulator.Webhook);
    }

    [Fact]
    public async Task SeveralInOneProcessHaveTheirOwnSettings()
    {
        await using var first = await PresenceLocalHost.StartAsync(
            Options(null, new() { ["AzureWebJobsStorage"] = "one", ["Own"] = "1" }), Cancellation);
        await using var second = await PresenceLocalHost.StartAsync(
            Options(null, new() { ["AzureWebJobsStorage"] = "two", ["Own"] = "2" }), Cancellation);
        using var client = new HttpClient();

        Assert.Equal("1", await client.GetStringAsync(new Uri(first.BaseAddress, "settings/Own"), Cancellation));
        Assert.Equal("2", await client.GetStringAsync(new Uri(second.BaseAddress, "settings/Own"), Cancellation));
    }

    [Fact]
    public async Task TheUsualPortIsGivenUpWhenItIsTaken()
    {
        var settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = "mine" };
        await using var first = await PresenceLocalHost.StartAsync(Options(null, settings, urls: null), Cancellation);
        await using var second = await PresenceLocalHost.StartAsync(Options(null, settings, urls: null), Cancellation);

        // Which of them has the usual port depends on who else is on this machine.
        Assert.NotEqual(first.BaseAddress, second.BaseAddress);
    }

    [Fact]
    public async Task InvalidSettingsOfTheApplicationAreOneLineAndLeaveNothingRunning()
    {
        var emulator = new FakeEmulator();
        var options = Options(emulator, new() { ["AzureWebJobsStorage"] = "mine" });
        options.ConfigureServices = (services, _) =>
            services.AddOptions<Shape>().Validate(_ => false, "Shape is not round.").ValidateOnStart();

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => PresenceLocalHost.StartAsync(options, Cancellation));

        Assert.Equal("Shape is not round.", failure.Message);
        Assert.IsType<OptionsValidationException>(failure.InnerException);
        Assert.True(emulator.IsDisposed);
    }

    [Fact]
    public async Task StorageThatDoesNotStartLeavesNothingRunningBesideIt()
    {
        var emulator = new FakeEmulator();
        var options = Options(emulator, azurite: new AzuriteOptions { Port = 0, SearchPath = "" });

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => PresenceLocalHost.StartAsync(options, Cancellation));

        Assert.Contains("'node' is not on the PATH", failure.Message, StringComparison.Ordinal);
        Assert.True(emulator.IsDisposed);
    }

    [Fact]
    public async Task AServiceThatDoesNotStartLeavesNoStorageRunning()
    {
        using var data = new TemporaryDirectory();
        var options = Options(null, azurite: new AzuriteOptions { Port = 0, DataDirectory = data.Path });
        options.StartSignalREmulator = (_, _) => Task.FromException<ISignalREmulator>(new LocalHostStartException("No service."));

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => PresenceLocalHost.StartAsync(options, Cancellation));

        // Whoever holds the data keeps others out: the next one finds them free.
        Assert.Equal("No service.", failure.Message);
        await using var next = await PresenceLocalHost.StartAsync(
            Options(new FakeEmulator(), azurite: new AzuriteOptions { Port = 0, DataDirectory = data.Path }), Cancellation);
        Assert.NotNull(next.Azurite);
    }

    [Fact]
    public async Task ADataDirectoryIsNoUseWithAStorageAccount()
    {
        var options = Options(null, new() { ["AzureWebJobsStorage"] = "mine" }, azurite: new AzuriteOptions { DataDirectory = "data" });

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => PresenceLocalHost.StartAsync(options, Cancellation));

        Assert.Contains("exclude each other", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutASignalRServiceOutputsFailAndRequestsAreServed()
    {
        await using var host = await PresenceLocalHost.StartAsync(Options(null, new() { ["AzureWebJobsStorage"] = "mine" }), Cancellation);
        using var client = new HttpClient { BaseAddress = host.BaseAddress };

        using var response = await client.GetAsync("outputs", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task TheBannerSaysWhatRunsWhereAndWhatToPaste()
    {
        await using var host = await PresenceLocalHost.StartAsync(
            Options(new FakeEmulator(), new() { ["AzureWebJobsStorage"] = "AccountKey=secret" }), Cancellation);

        var banner = StartupBanner.Of(host);

        var root = host.BaseAddress.GetLeftPart(UriPartial.Authority);
        Assert.Contains($"{root} (2 routes, 0 timers, 0 SignalR events)", banner, StringComparison.Ordinal);
        Assert.Contains($"TOKEN=$(curl -s '{root}/dev/token?user=alice')", banner, StringComparison.Ordinal);
        Assert.Contains("AccessKey=emulated", banner, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", banner, StringComparison.Ordinal);
    }

    private static PresenceLocalHostOptions Options(
        ISignalREmulator? emulator,
        Dictionary<string, string?>? settings = null,
        string? urls = "http://127.0.0.1:0",
        AzuriteOptions? azurite = null) => new()
        {
            Urls = urls,
            Settings = settings ?? [],
            FunctionTypes = [typeof(Functions)],
            Azurite = azurite ?? new AzuriteOptions { Port = 0 },
            StartSignalREmulator = emulator is null ? null : (_, _) => Task.FromResult(emulator),
        };

    private sealed class Shape;

    private sealed class FakeEmulator : ISignalREmulator
    {
        public string ConnectionString => "Endpoint=http://127.0.0.1:1;AccessKey=emulated;Version=1.0;";

        public Uri? Webhook { get; private set; }

        public bool IsDisposed { get; private set; }

        public void SendUpstreamTo(Uri webhook) => Webhook = webhook;

        public void Refuse(TimeSpan duration) => throw new NotSupportedException();

        public bool Cut(string connectionId) => false;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }

    public sealed class Functions(IConfiguration configuration)
    {
        [Function("Settings")]
        public IResult Setting(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings/{name}")] HttpRequest request, string name) =>
            request.Path.HasValue ? Results.Text(configuration[name]) : Results.NotFound();

        [Function("Outputs"), SignalROutput(HubName = "chat")]
        public static SignalRMessageAction Output([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            new(request.Method);
    }
}
