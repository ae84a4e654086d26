using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>What has to be told to one who knows how others were a while ago.</summary>
public sealed class SinceRulesTests
{
    private static readonly DateTimeOffset Now = Start + TimeSpan.FromHours(3);

    private static readonly UserRecords Viewing = Of(Start);

    [Theory]
    [InlineData(0, false)]
    [InlineData(-3_599, false)]
    [InlineData(-3_601, true)]
    [InlineData(29, false)]
    [InlineData(31, true)]
    public void AVersionTooOldOrFromTheFutureIsAnsweredAsAWhole(double seconds, bool isWhole) =>
        Assert.Equal(isWhole, SinceRules.IsWhole(Now + Seconds(seconds), Viewing, Now));

    [Fact]
    public void WithoutAVersionAllIsTold() => Assert.True(SinceRules.IsWhole(null, Viewing, Now));

    [Fact]
    public void WhereWhatTheViewerMaySeeHasChangedAllIsToldAndNotWhereItHasOnlyComeOrGone()
    {
        Assert.True(SinceRules.IsWhole(Now, Sighted(Now), Now));
        Assert.True(SinceRules.IsWhole(Now, Sighted(Now - Seconds(29)), Now));
        Assert.False(SinceRules.IsWhole(Now, Sighted(Now - Seconds(31)), Now));
        Assert.False(SinceRules.IsWhole(Now, Of(Now), Now));
    }

    [Theory, InlineData(-31, false), InlineData(-29, true), InlineData(1, true)]
    public void WhoIsSeenByOthersNowIsToldThoughNothingElseOfItHasChanged(double seconds, bool isTold) =>
        Assert.Equal(isTold, SinceRules.IsTold(Alice, Viewing, Bob, Sighted(Now + Seconds(seconds)), Now, Settings()));

    [Theory, InlineData(-31, false), InlineData(-29, true)]
    public void WhoHasLeftForTheViewerAloneIsToldAsWhoHasLeft(double seconds, bool isTold)
    {
        var left = Now + Seconds(seconds);
        var viewing = Viewing.With(record => record with { Relations = new() { Blocks = [new(Bob, Start, left.ToUnixTimeMilliseconds())] } });

        Assert.Equal(isTold, SinceRules.IsTold(Alice, viewing, Bob, Of(Now), Now, Settings()));
        Assert.Equal(isTold, SinceRules.IsTold(Alice, Viewing, Bob, new(null, new ProfileRecord { Version = left.ToUnixTimeMilliseconds() }), Now, Settings()));
    }

    [Theory, InlineData(-31, false), InlineData(-29, true), InlineData(1, true)]
    public void AChangeIsToldIfItMayBeNewerThanTheVersion(double seconds, bool isTold) =>
        Assert.Equal(isTold, SinceRules.IsTold(Alice, Viewing, Bob, Of(Now + Seconds(seconds)), Now, Settings()));

    [Fact]
    public void WhoHasComeIntoAConversationIsToldThoughThatIsNoNews() => Assert.True(SinceRules.IsTold(
        Alice, Viewing, Bob, Of(Start).With(record => record with { Told = [Start.ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds()] }), Now, Settings()));

    [Fact]
    public void ActivityIsNoChange() => Assert.False(SinceRules.IsTold(
        Alice, Viewing, Bob, Of(Start) with { Online = Of(Start).Online! with { LastActiveAt = Now } }, Now, Settings()));

    [Fact]
    public void WhoIsNotSeenIsToldAsWhoIsUnknownWhateverItDoes()
    {
        foreach (var at in new[] { Start, Now })
        {
            Assert.True(SinceRules.IsTold(Alice, Viewing, Bob, Of(at).With(record => record with { Privacy = new(IsHidden: true) }), Now, Settings()));
        }

        Assert.True(SinceRules.IsTold(Alice, Viewing, Bob, default, Now, Settings()));
    }

    private static UserRecords Sighted(DateTimeOffset changedAt) => Viewing.With(record => record with { Relations = Relations.None with { ChangedAt = changedAt } });

    private static UserRecords Of(DateTimeOffset changed) => new(
        new OnlineRecord
        {
            Since = Start, LastActiveAt = Start, RecordedAt = Start, Status = PresenceStatus.Online, Version = changed.ToUnixTimeMilliseconds(),
        },
        null);
}
