using Presence.Core.Ports;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public class PrecedenceTests
{
    [Fact]
    public void WhoCallsWhenItIsToldToIsRecordedByAnybodyAtTheEndOfTheWindow() =>
        Assert.Equal(Start + Seconds(65), Precedence.TurnOf(Known(isOwn: true, isEager: false), instance: 2, Settings()));

    [Fact]
    public void WhoeverRecordedLastGoesFirst() =>
        Assert.Equal(Start + Seconds(65), Precedence.TurnOf(Known(isOwn: true, isEager: true), instance: 1, Settings()));

    [Fact]
    public void WhoeverOnlyReadTheRecordDoesNot() =>
        Assert.True(Precedence.TurnOf(Known(isOwn: false, isEager: true), instance: 1, Settings()) > Start + Seconds(65));

    [Fact]
    public void TheOthersWaitEachForATimeOfItsOwn()
    {
        var turns = Enumerable.Range(2, 1_000).Select(i => Precedence.TurnOf(Known(isOwn: true, isEager: true), (uint)i, Settings())).ToList();

        Assert.All(turns, turn => Assert.InRange(turn, Start + Seconds(65 * 1.375), Start + Seconds(65 * 1.625)));
        var byQuarter = turns.CountBy(turn => (int)((turn - Start - Seconds(65 * 1.375)) / Seconds(65 / 16.0)));
        Assert.All(byQuarter, quarter => Assert.InRange(quarter.Value, 200, 300));
    }

    [Fact]
    public void TheirOrderIsAnotherOneForEachRecord()
    {
        var records = Enumerable.Range(0, 200).Select(i => Known(isOwn: true, isEager: true, Start + Seconds(i))).ToList();
        var second = records.Count(r => Precedence.TurnOf(r, 2, Settings()) < Precedence.TurnOf(r, 3, Settings()));

        Assert.InRange(second, 60, 140);
    }

    private static KnownRecord Known(bool isOwn, bool isEager, DateTimeOffset? at = null) =>
        new(new LastRecord(at ?? Start, at ?? Start, IsConnected: false, Start, Tag: null), Instance: 1, isOwn, isEager);
}
