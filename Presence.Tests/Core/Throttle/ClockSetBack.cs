using Microsoft.Extensions.Time.Testing;

namespace Presence.Tests.Core.Throttle;

/// <summary>A clock whose time of day can be set back an hour. What measures time passing is not affected.</summary>
internal sealed class ClockSetBack() : FakeTimeProvider(Some.Start)
{
    public bool IsSetBack { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - (IsSetBack ? TimeSpan.FromHours(1) : TimeSpan.Zero);

    // The base class measures by its own time of day.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
