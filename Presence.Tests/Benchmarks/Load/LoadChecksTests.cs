using Presence.Benchmarks.Clients;
using Presence.Benchmarks.Load;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Benchmarks.Load;

public sealed class LoadChecksTests
{
    private readonly Tally _tally = new();

    [Fact]
    public void WhatWasAnsweredMustBeWhatWasCounted()
    {
        Answer(host: 0, recorded: 2, throttled: 8, at: Start);

        Assert.All(Checks(total: 10, throttled: 8), check => Assert.True(check.Holds, check.What));
        Assert.Contains(Checks(total: 9, throttled: 8), check => !check.Holds);
        Assert.Contains(Checks(total: 11, throttled: 8), check => !check.Holds);
        Assert.Contains(Checks(total: 10, throttled: 9), check => !check.Holds);
    }

    [Fact]
    public void WhatAKilledHostHadNotToldYetMayBeMissing()
    {
        Answer(host: 0, recorded: 0, throttled: 10, at: Start);
        Answer(host: 1, recorded: 0, throttled: 10, at: Start);
        Answer(host: 1, recorded: 0, throttled: 5, at: Start + Seconds(60));
        _tally.Kill(1, Start + Seconds(61));

        Assert.Equal(5, _tally.MayBeLost);
        Assert.All(Checks(total: 20, throttled: 20), check => Assert.True(check.Holds, check.What));
        Assert.Contains(Checks(total: 19, throttled: 19), check => !check.Holds);
    }

    [Fact]
    public void ACallWithoutAnAnswerMayHaveBeenCounted()
    {
        Answer(host: 0, recorded: 0, throttled: 3, at: Start);
        _tally.Fail("connection lost", isInjected: true, isCall: true);

        Assert.All(Checks(total: 3, throttled: 3), check => Assert.True(check.Holds, check.What));
        Assert.All(Checks(total: 4, throttled: 4), check => Assert.True(check.Holds, check.What));
        Assert.Contains(Checks(total: 5, throttled: 4), check => !check.Holds);
    }

    [Fact]
    public void AnErrorThatNobodyMeantIsToldByItsKind()
    {
        _tally.Fail("status 503", isInjected: false, isCall: true);

        Assert.Contains("status 503 1", Assert.Single(Checks(total: 0, throttled: 0), check => !check.Holds).What, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyWhatHappensWhileAHostIsKilledIsExplainedByThat()
    {
        var kills = new Kills();
        kills.Killed(1, Start + Seconds(10));
        kills.IsBack(1, Start + Seconds(15));

        Assert.True(kills.Explain(1, Start + Seconds(9), Start + Seconds(10)));
        Assert.True(kills.Explain(1, Start + Seconds(14), Start + Seconds(14)));
        Assert.False(kills.Explain(1, Start + Seconds(8), Start + Seconds(9)));
        Assert.False(kills.Explain(1, Start + Seconds(18), Start + Seconds(19)));
        Assert.False(kills.Explain(0, Start + Seconds(9), Start + Seconds(10)));
    }

    private List<LoadCheck> Checks(long total, long throttled) =>
        [.. LoadChecks.Of(_tally, new StatusMetrics(total, throttled, total - throttled, 0), [])];

    private void Answer(int host, int recorded, int throttled, DateTimeOffset at)
    {
        for (var i = 0; i < recorded + throttled; i++)
        {
            _tally.Answer(host, TimeSpan.FromMilliseconds(1), i < throttled, at);
        }
    }
}
