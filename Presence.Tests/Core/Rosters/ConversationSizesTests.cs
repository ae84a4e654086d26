using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Rosters;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

public class ConversationSizesTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly ConversationSizes _sizes;
    private readonly List<string> _crossed = [];

    public ConversationSizesTests()
    {
        _sizes = new(100, _clock);
        _sizes.Crossed += _crossed.Add;
    }

    [Fact]
    public void AConversationIsLargeAboveTheLineAndSmallAgainBelowNineTenthsOfIt()
    {
        (int Members, bool IsLarge)[] expected = [(0, false), (100, false), (101, true), (100, true), (90, true), (89, false), (100, false), (101, true)];

        Assert.All(expected, one => Assert.Equal(one.IsLarge, Learn(one.Members).IsLarge));
        Assert.Equal(3, _crossed.Count);
    }

    [Fact]
    public void WhatIsNotKnownIsSmallAndNotReadUntilTenChanges()
    {
        Write(9);
        Assert.Equal((false, false), (_sizes.IsLarge(Conversation), _sizes.IsWorthReading(Conversation)));

        Write(1);
        Assert.True(_sizes.IsWorthReading(Conversation));

        Learn(50);
        Assert.False(_sizes.IsWorthReading(Conversation));
    }

    [Fact]
    public void ChangesThatComeSlowlyAreWorthAReadToo()
    {
        for (var i = 0; i < 9; i++)
        {
            Write(1);
            Assert.False(_sizes.IsWorthReading(Conversation));
            _clock.Advance(Seconds(70));
        }

        Write(1);
        Assert.True(_sizes.IsWorthReading(Conversation));
    }

    [Fact]
    public void ManyMembersInOneWriteCountAsMany()
    {
        _sizes.Wrote(Conversation, 10, 0);

        Assert.True(_sizes.IsWorthReading(Conversation));
    }

    [Fact]
    public void WhatIsKnownIsBelievedForFiveMinutesAndNearTheLineForHalfAOne()
    {
        foreach (var (members, seconds) in new[] { (50, 300), (51, 30) })
        {
            Learn(members);
            _clock.Advance(Seconds(seconds) - TimeSpan.FromTicks(1));
            Write(20);
            Assert.False(_sizes.IsWorthReading(Conversation));

            _clock.Advance(TimeSpan.FromTicks(1));
            Assert.True(_sizes.IsWorthReading(Conversation));
        }
    }

    [Fact]
    public void WhoIsWrittenHereCounts()
    {
        Learn(99);
        _sizes.Wrote(Conversation, 1, 1);
        Assert.False(_sizes.IsWorthReading(Conversation));

        _sizes.Wrote(Conversation, 1, 1);
        Assert.True(_sizes.IsWorthReading(Conversation));

        _sizes.Wrote(Conversation, 1, -1);
        Assert.False(_sizes.IsWorthReading(Conversation));
        Assert.False(_sizes.IsLarge(Conversation));
    }

    [Fact]
    public void AReadThatBeganBeforeTheLastSaysNothingNew()
    {
        var early = _clock.GetTimestamp();
        _clock.Advance(Seconds(1));
        Learn(101);

        Assert.True(_sizes.Learn(Of(10), early).IsLarge);
        Assert.True(_sizes.IsLarge(Conversation));
    }

    [Fact]
    public void OfTooManyConversationsTheSmallOnesAreForgotten()
    {
        Learn(101);
        for (var i = 0; i < ConversationSizes.Most; i++)
        {
            _sizes.Wrote($"c-{i}", 1, 0);
        }

        Assert.True(_sizes.IsLarge(Conversation));
    }

    private void Write(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _sizes.Wrote(Conversation, 1, 0);
        }
    }

    private Roster Learn(int members) => _sizes.Learn(Of(members), _clock.GetTimestamp());

    private static Roster Of(int members) => new(
        Conversation, [.. Users(members).Select(user => new RosterMember(default(UserRecords).ViewOf(user), Start))]);
}
