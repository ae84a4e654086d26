using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Presence.Tests.LocalHost.Invocation;

/// <summary>A fake clock that tells when somebody has begun to wait on it.</summary>
internal sealed class SignallingTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Assert.True(_waits.Writer.TryWrite(dueTime));
        return timer;
    }

    /// <returns>How long the next one waits.</returns>
    public async Task<TimeSpan> NextWaitAsync() => await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
