using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Presence.LocalHost.SignalR;

namespace Presence.Tests.LocalHost.SignalR;

/// <summary>A running emulator with an application behind it.</summary>
internal sealed class EmulatorHarness : IAsyncDisposable
{
    public const string TestHub = "presence";

    private readonly ILoggerFactory _loggers;
    private readonly List<TestClient> _clients = [];

    private EmulatorHarness(
        SignalREmulator emulator, UpstreamRecorder application, HttpClient http, TimeProvider time, ILoggerFactory loggers,
        FakeLogCollector logs)
    {
        Emulator = emulator;
        Application = application;
        Http = http;
        _loggers = loggers;
        Logs = logs;
        Connection = SignalRConnectionString.Parse(emulator.ConnectionString);
        Service = new SignalRServiceClient(Connection, http, time);
        application.Service = Service;
    }

    public SignalREmulator Emulator { get; }

    public UpstreamRecorder Application { get; }

    public SignalRConnectionString Connection { get; }

    public SignalRServiceClient Service { get; }

    public HttpClient Http { get; }

    public FakeLogCollector Logs { get; }

    public static async Task<EmulatorHarness> StartAsync(SignalREmulatorOptions? options = null)
    {
        options ??= new();
        var application = await UpstreamRecorder.StartAsync();
        var logs = new FakeLogCollector();
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        var emulator = await SignalREmulator.StartAsync(options, loggers, TestContext.Current.CancellationToken);
        emulator.UpstreamUrl = $"{application.Address}upstream/{{hub}}/{{category}}/{{event}}";
        return new(emulator, application, new HttpClient(), options.TimeProvider, loggers, logs);
    }

    /// <summary>Connects a client the way an application's client connects, and waits until the application has heard of it.</summary>
    public async Task<TestClient> ConnectAsync(
        string? user = null, string hub = TestHub, HttpTransportType transport = HttpTransportType.WebSockets,
        Action<HttpConnectionOptions>? configure = null)
    {
        var client = await ConnectUnheardAsync(user, hub, transport, configure);
        var connected = await Application.Events.NextAsync();
        Assert.Equal((client.Id, "connected"), (connected.ConnectionId, connected.Event));
        return client;
    }

    /// <summary>Connects a client and leaves its connected event to the test.</summary>
    public async Task<TestClient> ConnectUnheardAsync(
        string? user = null, string hub = TestHub, HttpTransportType transport = HttpTransportType.WebSockets,
        Action<HttpConnectionOptions>? configure = null)
    {
        var query = user is null ? "" : $"?user={Uri.EscapeDataString(user)}";
        var client = new TestClient(new HubConnectionBuilder().WithUrl($"{Application.Address}app/{hub}{query}", options =>
        {
            options.Transports = transport;
            configure?.Invoke(options);
        }).Build());
        _clients.Add(client);
        await client.Connection.StartAsync(TestContext.Current.CancellationToken).InTime();
        return client;
    }

    /// <summary>Asserts that whatever was sent before did not reach this client: the next thing it gets is a mark.</summary>
    public async Task AssertNothingReachedAsync(TestClient client, string hub = TestHub)
    {
        await Service.SendToConnectionAsync(hub, client.Id, TestClient.Mark, ["mark"], TestContext.Current.CancellationToken);
        Assert.Equal("mark", (await client.NextAsync()).GetString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await Emulator.DisposeAsync();
        await Application.DisposeAsync();
        Http.Dispose();
        _loggers.Dispose();
    }
}
