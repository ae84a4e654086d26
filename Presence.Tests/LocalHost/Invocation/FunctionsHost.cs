using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Presence.LocalHost.Hosting;
using Presence.LocalHost.Invocation;

namespace Presence.Tests.LocalHost.Invocation;

/// <summary>A local host with the given function classes, and nothing started around it.</summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    public const string AccessKey = "the-access-key-of-the-test-service";

    private readonly PresenceLocalHost _host;

    private FunctionsHost(PresenceLocalHost host, Probe probe, RecordingSignalROutput signalR, FakeLogCollector logs)
    {
        _host = host;
        Probe = probe;
        SignalR = signalR;
        Logs = logs;
        Client = new HttpClient { BaseAddress = host.BaseAddress };
    }

    public HttpClient Client { get; }

    public Probe Probe { get; }

    public RecordingSignalROutput SignalR { get; }

    public FakeLogCollector Logs { get; }

    public static Task<FunctionsHost> StartAsync(params Type[] functions) => StartAsync(functions, []);

    public static async Task<FunctionsHost> StartAsync(
        IReadOnlyList<Type> functions,
        Dictionary<string, string?> settings,
        string? routePrefix = "",
        Action<IServiceCollection>? configure = null)
    {
        var probe = new Probe();
        var signalR = new RecordingSignalROutput();
        var logs = new FakeLogCollector();
        settings.TryAdd("AzureWebJobsStorage", "UseDevelopmentStorage=true");
        settings.TryAdd("AzureSignalRConnectionString", $"Endpoint=http://localhost;AccessKey={AccessKey};Version=1.0;");
        using var hostJson = TemporaryHostJson.With(routePrefix);
        var host = await PresenceLocalHost.StartAsync(
            new PresenceLocalHostOptions
            {
                Urls = "http://127.0.0.1:0",
                Settings = settings,
                FunctionTypes = functions,
                HostJsonPath = hostJson.Path,
                ConfigureLogging = logging => logging.AddProvider(new FakeLoggerProvider(logs)).SetMinimumLevel(LogLevel.Debug),
                ConfigureServices = (services, _) =>
                {
                    services.AddSingleton(probe).AddSingleton<ISignalROutput>(signalR).AddScoped<ScopedService>();
                    configure?.Invoke(services);
                },
            },
            TestContext.Current.CancellationToken);
        return new FunctionsHost(host, probe, signalR, logs);
    }

    public IEnumerable<FakeLogRecord> Errors => Logs.GetSnapshot().Where(record => record.Level >= LogLevel.Error);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }
}
