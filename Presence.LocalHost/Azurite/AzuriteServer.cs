using System.Diagnostics;
using System.Globalization;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Azurite;

/// <summary>The table service of Azurite on 127.0.0.1, for as long as this object, or at most this process, lives.</summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    public const int DefaultPort = 10002;

    // The account that every Azurite has; its key is public.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly AzuriteProcess _process;
    private readonly FileLock? _data;

    private AzuriteServer(AzuriteProcess process, FileLock? data)
    {
        _process = process;
        _data = data;
    }

    public Uri TableEndpoint => new($"http://127.0.0.1:{_process.Port}/{Account}");

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};TableEndpoint={TableEndpoint};";

    internal int ProcessId => _process.Id;

    /// <summary>Installs Azurite when it is not there yet, starts it, and waits until it serves tables.</summary>
    /// <exception cref="LocalHostStartException">Node.js is missing, the installation or the start failed.</exception>
    public static async Task<AzuriteServer> StartAsync(
        AzuriteOptions options, ILogger<AzuriteServer> logger, CancellationToken cancellationToken)
    {
        var tools = new NodeTools(options.SearchPath);
        var node = tools.Node;
        var folder = await new AzuriteInstallation(tools, options.CacheDirectory, logger).EnsureAsync(cancellationToken);
        var data = options.DataDirectory is null ? null : OwnData(options.DataDirectory);
        try
        {
            return new AzuriteServer(await StartProcessAsync(options, node, folder, cancellationToken), data);
        }
        catch
        {
            await ReleaseAsync(data);
            throw;
        }
    }

    /// <summary>Resets every connection for so long, as if there were no storage; zero ends that. What is stored stays.</summary>
    public Task RefuseAsync(TimeSpan duration, CancellationToken cancellationToken) => _process.RefuseAsync(duration, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await ReleaseAsync(_data);
    }

    private static async Task<AzuriteProcess> StartProcessAsync(
        AzuriteOptions options, string node, string folder, CancellationToken cancellationToken)
    {
        Task<AzuriteProcess> OnPort(int port) =>
            AzuriteProcess.StartAsync(Command(node, folder, port, options.DataDirectory), options.StartTimeout, cancellationToken);
        try
        {
            return await OnPort(options.Port ?? DefaultPort);
        }
        catch (PortInUseException) when (options.Port is null)
        {
            return await OnPort(0);
        }
        catch (PortInUseException inUse)
        {
            throw new LocalHostStartException(
                $"Azurite cannot be started: port {options.Port} on 127.0.0.1 is in use by another program.", inUse);
        }
    }

    // Two Azurites on the same files would each overwrite what the other one saved.
    private static FileLock OwnData(string dataDirectory)
    {
        try
        {
            Directory.CreateDirectory(dataDirectory);
            return FileLock.TryAcquire(Path.Combine(dataDirectory, "presence-local-host.lock"))
                ?? throw new LocalHostStartException(
                    $"Azurite cannot be started: {dataDirectory} is in use by another local host. Choose another directory for the data.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LocalHostStartException($"Azurite cannot keep its data in {dataDirectory}: {failure.Message}", failure);
        }
    }

    private static ValueTask ReleaseAsync(FileLock? data) => data?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static ProcessStartInfo Command(string node, string folder, int port, string? dataDirectory)
    {
        var start = new ProcessStartInfo(node)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Would replace the account that the connection string names.
        start.Environment.Remove("AZURITE_ACCOUNTS");
        string[] persistence = dataDirectory is null ? ["--inMemoryPersistence"] : ["--location", Path.GetFullPath(dataDirectory)];
        string[] arguments =
        [
            // As long as the service takes them, unlike Node.js by itself (https://github.com/Azure/Azurite/issues/1745).
            "--max-http-header-size=65536",
            "--require", AzuriteInstallation.Guard,
            Path.Combine(folder, "node_modules", "azurite", "dist", "src", "table", "main.js"),
            "--tableHost", "127.0.0.1",
            "--tablePort", port.ToString(CultureInfo.InvariantCulture),
            "--silent",
            "--skipApiVersionCheck",
            "--disableTelemetry",
            .. persistence,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
