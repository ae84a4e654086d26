namespace Presence.Core.Domain;

/// <summary>The precision of times.</summary>
public static class Timestamps
{
    /// <summary>Cut to the precision that versions, storage and clients share.</summary>
    public static DateTimeOffset ToWholeMilliseconds(this DateTimeOffset time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), time.Offset);
}
