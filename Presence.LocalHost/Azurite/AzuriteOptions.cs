namespace Presence.LocalHost.Azurite;

/// <summary>How Azurite is started.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>Where the data is kept; null keeps it in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The port on 127.0.0.1; 0 is any free one, null the usual 10002 when that is free.</summary>
    public int? Port { get; init; }

    /// <summary>Where Azurite is installed, one folder per pinned version; null is a folder of the user.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The folders in which node and npm are looked for, as in the environment variable PATH; null is that variable.</summary>
    public string? SearchPath { get; init; }

    /// <summary>How long the start may take, once installed.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
