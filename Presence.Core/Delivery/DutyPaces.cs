namespace Presence.Core.Delivery;

/// <summary>How often duties that are done are crossed out, those that are done in between together.</summary>
internal sealed record DutyPaces
{
    /// <summary>Those of new connections, for which nobody waits: a crowd is many of each shard.</summary>
    public TimeSpan Welcomes { get; init; } = TimeSpan.FromSeconds(1);
}
