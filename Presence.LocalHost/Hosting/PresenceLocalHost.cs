using Microsoft.Extensions.Logging.Abstractions;
using Presence.LocalHost.Azurite;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Hosting;

/// <summary>The functions with all they need around them: storage, SignalR Service, web server. Several can run in one process.</summary>
internal sealed class PresenceLocalHost : IAsyncDisposable
{
    private readonly ILoggerFactory _logging;
    private readonly FunctionCatalog _catalog;
    private readonly Dictionary<string, string?> _settings;
    private AzuriteServer? _azurite;
    private ISignalREmulator? _signalR;
    private FunctionsServer? _functions;

    private PresenceLocalHost(PresenceLocalHostOptions options)
    {
        _catalog = options.FunctionTypes is { } types ? FunctionCatalog.Of(types) : FunctionCatalog.Of(typeof(PresenceLocalHost).Assembly);
        _settings = new Dictionary<string, string?>(options.Settings, StringComparer.OrdinalIgnoreCase);
        _logging = options.ConfigureLogging is { } configure ? LoggerFactory.Create(configure) : NullLoggerFactory.Instance;
    }

    public Uri BaseAddress => _functions!.BaseAddress;

    public IServiceProvider Services => _functions!.Services;

    public IReadOnlyList<FunctionDefinition> Functions => _catalog.Functions;

    /// <summary>Null when the settings named a storage account.</summary>
    public AzuriteServer? Azurite => _azurite;

    public string? StorageConnectionString => Setting(SettingNames.StorageConnectionString);

    public string? SignalRConnectionString => Setting(SettingNames.SignalRConnectionString);

    /// <summary>Whether the SignalR Service is the emulator of this host.</summary>
    public bool HasSignalREmulator => _signalR is not null;

    /// <exception cref="LocalHostStartException">Something it needs is missing or taken. Nothing is left running.</exception>
    public static async Task<PresenceLocalHost> StartAsync(PresenceLocalHostOptions options, CancellationToken cancellationToken)
    {
        if (options.Urls is not null)
        {
            ListenAddress.Validate(options.Urls);
        }

        var host = new PresenceLocalHost(options);
        try
        {
            await host.StartServicesAsync(options, cancellationToken);
            host._functions = await FunctionsServer.StartAsync(
                options, host._catalog, new(host._azurite, host._signalR), host._settings, host._logging, cancellationToken);
            host._signalR?.SendUpstreamTo(new Uri(host.BaseAddress, Invocation.Upstream.UpstreamWebhook.Path));
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>In reverse order, so that what is still at work finds what it needs.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(_functions);
        await DisposeAsync(_signalR);
        await DisposeAsync(_azurite);
        _logging.Dispose();
    }

    private static ValueTask DisposeAsync(IAsyncDisposable? part) => part?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Storage, which is another process, and the SignalR Service in this one take their time side by side.</summary>
    private async Task StartServicesAsync(PresenceLocalHostOptions options, CancellationToken cancellationToken)
    {
        var storage = StartStorageAsync(options, cancellationToken);
        var signalR = StartSignalRAsync(options, cancellationToken);
        await Task.WhenAll(storage, signalR);

        // Only now: what starts reads the settings.
        if (_azurite is not null)
        {
            _settings[SettingNames.StorageConnectionString] = _azurite.ConnectionString;
        }

        if (_signalR is not null)
        {
            _settings[SettingNames.SignalRConnectionString] = _signalR.ConnectionString;
        }
    }

    private async Task StartStorageAsync(PresenceLocalHostOptions options, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(StorageConnectionString))
        {
            _azurite = await AzuriteServer.StartAsync(options.Azurite, _logging.CreateLogger<AzuriteServer>(), cancellationToken);
        }
        else if (options.Azurite.DataDirectory is not null)
        {
            throw new LocalHostStartException(
                $"A directory for the data and {SettingNames.StorageConnectionString} exclude each other; give one of them.");
        }
    }

    private async Task StartSignalRAsync(PresenceLocalHostOptions options, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(SignalRConnectionString) && options.StartSignalREmulator is { } start)
        {
            _signalR = await start(_logging, cancellationToken);
        }
    }

    private string? Setting(string name) => LocalHostConfiguration.Of(_settings)[name];
}
