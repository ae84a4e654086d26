using Presence.LocalHost.Azurite;

namespace Presence.LocalHost.Hosting;

/// <summary>How a local host is started.</summary>
internal sealed class PresenceLocalHostOptions
{
    /// <summary>
    /// The addresses to listen on, divided by semicolons; null is port 7071 on 127.0.0.1, or any port when that one is taken.
    /// </summary>
    public string? Urls { get; init; }

    /// <summary>Settings that win over the environment; a null takes a setting away.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>The classes that hold the functions; null is all of this assembly.</summary>
    public IReadOnlyList<Type>? FunctionTypes { get; init; }

    /// <summary>Where host.json is.</summary>
    public string HostJsonPath { get; init; } = Path.Combine(AppContext.BaseDirectory, "host.json");

    /// <summary>How Azurite is started when the settings name no storage account.</summary>
    public AzuriteOptions Azurite { get; init; } = new();

    /// <summary>Starts the SignalR Service emulator when the settings name no SignalR Service; null starts none.</summary>
    public Func<ILoggerFactory, CancellationToken, Task<ISignalREmulator>>? StartSignalREmulator { get; set; }

    /// <summary>Registers what the functions need, among it the <see cref="Invocation.ISignalROutput"/>.</summary>
    public Action<IServiceCollection, IConfiguration>? ConfigureServices { get; set; }

    /// <summary>Maps what is served beside the functions.</summary>
    public Action<WebApplication, LocalServices>? ConfigureApplication { get; set; }

    public Action<ILoggingBuilder>? ConfigureLogging { get; init; }
}
