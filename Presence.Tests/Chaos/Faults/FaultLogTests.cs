using Presence.Chaos.Faults;

namespace Presence.Tests.Chaos.Faults;

public class FaultLogTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 10, 10)]
    [InlineData(0, 25, 10)]
    [InlineData(12, 18, 0)]
    [InlineData(15, 45, 10)]
    [InlineData(0, 60, 35)]
    public void OnlyTimeWithoutFaultsIsQuiet(int from, int to, int quietSeconds)
    {
        var log = new FaultLog();
        log.Add(At(35), At(40));
        log.Add(At(10), At(20));
        log.Add(At(15), At(25));
        log.Add(At(38), At(45));

        Assert.Equal(TimeSpan.FromSeconds(quietSeconds), log.QuietBetween(At(from), At(to)));
    }

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);
}
