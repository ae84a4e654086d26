namespace Presence.Tests.Core;

/// <summary>A clock that can be set back, as an operator or a time server does; what it counts monotonically goes on.</summary>
internal sealed class SetBackClock : TimeProvider
{
    private TimeSpan _passed;
    private TimeSpan _setBack;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Some.Start + _passed - _setBack;

    public override long GetTimestamp() => _passed.Ticks;

    public void Advance(TimeSpan time) => _passed += time;

    public void SetBack(TimeSpan time) => _setBack += time;
}
