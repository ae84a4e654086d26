using Microsoft.Extensions.Time.Testing;
using Presence.Core.Concurrency;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Concurrency;

public sealed class TimeLimitTests
{
    private readonly FakeTimeProvider _clock = Clock();

    [Fact]
    public void ItIsOverWhenItsTimeIs()
    {
        using var limit = new TimeLimit(Seconds(2), _clock);

        _clock.Advance(Seconds(1.999));
        Assert.Equal((false, false), (limit.IsOver, limit.Token.IsCancellationRequested));
        limit.ThrowIfOver();
        _clock.Advance(Seconds(0.001));

        Assert.Equal((true, true), (limit.IsOver, limit.Token.IsCancellationRequested));
        Assert.Throws<OperationCanceledException>(limit.ThrowIfOver);
    }

    [Fact]
    public void ItIsOverSoonerWhereTheCallerEndsIt()
    {
        using var caller = new CancellationTokenSource();
        using var limit = new TimeLimit(Seconds(2), _clock, caller.Token);

        caller.Cancel();

        Assert.Equal((true, true), (limit.IsOver, limit.Token.IsCancellationRequested));
    }

    [Fact]
    public void AProcessThatStoodStillKnowsBeforeItsTimersDo()
    {
        using var limit = new TimeLimit(Seconds(2), new StandingStill(_clock));

        _clock.Advance(Seconds(13));

        Assert.False(limit.Token.IsCancellationRequested);
        Assert.Throws<OperationCanceledException>(limit.ThrowIfOver);
    }

    /// <summary>The clock goes on, and no timer tells.</summary>
    private sealed class StandingStill(TimeProvider clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Silent();

        private sealed class Silent : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
