namespace Presence.Client.Following;

/// <summary>Whom a follower follows, and as whom.</summary>
public sealed class PresenceFollowerOptions
{
    /// <summary>The most users that a connection watches.</summary>
    public const int MostWatched = 500;

    /// <summary>As whom: asked each time it connects. Null takes those of <see cref="PresenceClientOptions.GetCredentials"/>.</summary>
    public Func<CancellationToken, ValueTask<PresenceCredentials>>? GetCredentials { get; set; }

    /// <summary>Whom it watches beside the members of its user's conversations, from the beginning.</summary>
    public IReadOnlyCollection<string> Watch { get; set; } = [];

    /// <summary>What it says of the device where it runs; null for nothing.</summary>
    public string? Device { get; set; }

    /// <summary>How many changes wait for a reader at most; one that is slower is told how many it missed. 10,000 by default.</summary>
    public int ChangesKept { get; set; } = 10_000;

    /// <summary>How often it asks what it may have missed without knowing. 1 h by default.</summary>
    public TimeSpan ResyncEvery { get; set; } = TimeSpan.FromHours(1);
}
