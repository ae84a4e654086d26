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
    [InlineData(14, false)]
    [InlineData(16, true)]
    public void AVersionTooOldOrFromTheFutureIsAnsweredAsAWhole(double seconds, bool isWhole) =>
        Assert.Equal(isWhole, SinceRules.IsWhole(Now + Seconds(seconds), Viewing, Now));

    [Fact]
    public void WithoutAVersionAllIsTold() => Assert.True(SinceRules.IsWhole(null, Viewing, Now));

    [Fact]
    public void WhatTheViewerMaySeeHasPerhapsChangedWithItself()
    {
        Assert.True(SinceRules.IsWhole(Now, Of(Now - Seconds(14)), Now));
        Assert.False(SinceRules.IsWhole(Now, Of(Now - Seconds(16)), Now));
        Assert.True(SinceRules.IsWhole(Now, Viewing.With(record => record with { Relations = Relations.None with { ChangedAt = Now } }), Now));
    }

    [Theory, InlineData(-16, false), InlineData(-14, true), InlineData(1, true)]
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

    private static UserRecords Of(DateTimeOffset changed) => new(
        new OnlineRecord
        {
            Since = Start, LastActiveAt = Start, RecordedAt = Start, Status = PresenceStatus.Online, Version = changed.ToUnixTimeMilliseconds(),
        },
        null);
}
