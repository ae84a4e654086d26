using Presence.Chaos;
using Presence.Chaos.Judgement;

namespace Presence.Tests.Chaos.Judgement;

public class FeedVerdictTests
{
    private const int Least = 40;

    private static readonly string Ann = Population.User("ann", 1);

    private readonly Journal _journal = new();

    [Fact]
    public void WhatWasToldInOrderTwiceAndAsItWasIsFine()
    {
        TellMany();
        Tell(Ann, 1, "online");
        Tell(Ann, 5, "offline");
        Tell(Ann, 1, "online");
        Tell(Ann, 5, "offline");
        Knows(Ann, 1, "online");
        Knows(Ann, 3, "online");
        Knows(Ann, 7, "offline");

        Assert.Empty(FeedVerdict.Judge(_journal, Least));
    }

    [Theory]
    [InlineData(4, "online")]
    [InlineData(6, "online")]
    [InlineData(9, "away")]
    public void AChangeThatWasNotToldIsLost(long version, string status)
    {
        TellMany();
        Tell(Ann, 5, "offline");
        Knows(Ann, version, status);

        Assert.Equal(FindingKind.Lost, Assert.Single(FeedVerdict.Judge(_journal, Least)).Kind);
    }

    [Fact]
    public void WhatWatchersHeardCountsAndWhatOthersDidDoesNot()
    {
        TellMany();
        _journal.Heard.Enqueue(new("apart-0@room-0", new(Ann, "offline", 3), DateTimeOffset.UnixEpoch, IsAnnouncement: true, IsNew: true));
        Assert.Empty(FeedVerdict.Judge(_journal, Least));

        _journal.Heard.Enqueue(new("watcher-0@room-1", new(Ann, "offline", 3), DateTimeOffset.UnixEpoch, IsAnnouncement: true, IsNew: true));
        Assert.Equal(FindingKind.Lost, Assert.Single(FeedVerdict.Judge(_journal, Least)).Kind);
    }

    [Fact]
    public void AnEventThatIsToldFirstAfterALaterOneOfItsUserIsWrong()
    {
        TellMany();
        Tell(Ann, 5, "offline");
        Tell(Ann, 4, "online");

        Assert.Contains("out of order", Assert.Single(FeedVerdict.Judge(_journal, Least)).Case, StringComparison.Ordinal);
    }

    [Fact]
    public void OneIdWithTwoContentsIsWrong()
    {
        TellMany();
        Tell(Ann, 5, "offline");
        Tell(Ann, 5, "online");

        Assert.Contains("two events", Assert.Single(FeedVerdict.Judge(_journal, Least)).Case, StringComparison.Ordinal);
    }

    [Fact]
    public void HardlyAnyEventsAreNoProof()
    {
        TellMany(Least - 1);

        Assert.Contains("hardly any", Assert.Single(FeedVerdict.Judge(_journal, Least)).Case, StringComparison.Ordinal);
    }

    private void TellMany(int count = Least)
    {
        for (var i = 0; i < count; i++)
        {
            Tell(Population.User("other", i), 1, "online");
        }
    }

    private void Tell(string user, long version, string status) =>
        _journal.Events.Enqueue(new($"{user}/{version}", "presence.status", new(user, status, version)));

    private void Knows(string user, long version, string status) => _journal.Truth.Enqueue((new(user, status, version), DateTimeOffset.UnixEpoch));
}
