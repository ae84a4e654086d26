using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using static Presence.Tests.Core.Some;
using MicrosoftOptions = Microsoft.Extensions.Options.Options;

namespace Presence.Tests.Core.Ledger;

public sealed class EventFeedTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly EventsByHand _events = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatHappensIsToldOnceAndThenNothing()
    {
        var feed = Feed();
        _events.Arrives(Alice, 1, _clock.GetUtcNow());
        _events.Arrives(Bob, 1, _clock.GetUtcNow(), shard: 1);
        _clock.Advance(Seconds(1));

        var page = await feed.ReadAsync(null, 100, Cancellation);
        var next = await feed.ReadAsync(page.Next, 100, Cancellation);

        Assert.Equal(["alice/1", "bob/1"], Ids(page));
        Assert.False(page.HasMore);
        Assert.Empty(next.Events);
        Assert.Equal(4, _events.Reads);
    }

    [Fact]
    public async Task WhatHasJustHappenedIsToldASecondLater()
    {
        _events.Arrives(Alice, 1, _clock.GetUtcNow());
        var first = await Feed().ReadAsync(null, 100, Cancellation);
        _clock.Advance(Seconds(0.999));
        var second = await Feed().ReadAsync(first.Next, 100, Cancellation);
        _clock.Advance(Seconds(0.001));

        Assert.Empty(first.Events.Concat(second.Events));
        Assert.Equal(["alice/1"], Ids(await Feed().ReadAsync(second.Next, 100, Cancellation)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task PagesOfAnyLengthTellAllOfItOnceInOrder(int limit)
    {
        var users = Users(5);
        for (var i = 0; i < 20; i++)
        {
            _events.Arrives(users[i % 5], i, _clock.GetUtcNow(), shard: i % 5 % 2);
            _clock.Advance(Seconds(7));
        }

        List<string> told = [];
        EventPage? page = null;
        do
        {
            page = await Feed().ReadAsync(page?.Next, limit, Cancellation);
            Assert.InRange(page.Events.Length, 1, limit);
            told.AddRange(Ids(page));
        }
        while (page.HasMore);

        Assert.Equal(_events.All.Select(e => e.Id), told);
        Assert.Empty((await Feed().ReadAsync(page.Next, limit, Cancellation)).Events);
    }

    /// <summary>Whoever stops anywhere, and goes on from the cursor it has got there, is told what is left, once; as if it had read each page by itself.</summary>
    [Fact]
    public async Task PagesCutFromOneReadHaveTheCursorsThatReadingThemHas()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var events = new EventsByHand(3);
            var feed = new EventFeed(events, MicrosoftOptions.Create(Settings()), _clock);
            var earlier = (await feed.ReadAsync(null, 100, Cancellation)).Next;
            for (var i = 0; i < random.Next(1, 40); i++)
            {
                events.Arrives(Users(9)[random.Next(9)], i, _clock.GetUtcNow(), shard: random.Next(3));
                _clock.Advance(Seconds(random.Next(4)));
            }

            _clock.Advance(EventFeed.Lag);
            var stretch = await feed.ReadAheadAsync(earlier, _clock.GetUtcNow(), Cancellation);
            var left = events.InOrder.Select(e => e.Id).ToList();
            for (var cursor = earlier; stretch is not null;)
            {
                var limit = random.Next(1, 6);
                var (page, rest) = stretch.Cut(limit);
                var read = await feed.ReadAsync(cursor, limit, Cancellation);

                Assert.Equal(left.Take(limit), Ids(page));
                Assert.Equal(Ids(read), Ids(page));
                Assert.Equal((read.Next.ToString(), read.HasMore), (page.Next.ToString(), page.HasMore));
                Assert.Equal(page.HasMore, rest is not null);
                left.RemoveRange(0, page.Events.Length);
                Assert.Equal(left, await AllAsync(feed, page.Next, limit: 3));
                (cursor, stretch) = (page.Next, rest);
            }

            Assert.Empty(left);
        }
    }

    /// <summary>What is unread of a shard may come before what others have: nothing is told past it.</summary>
    [Fact]
    public async Task OfAShardThatHoldsMoreThanIsReadAheadNothingIsToldPastItsEnd()
    {
        for (var i = 0; i < EventFeed.MostAhead + 10; i++)
        {
            _events.Arrives(Alice, i, _clock.GetUtcNow().AddTicks(2 * i));
            _events.Arrives(Bob, i, _clock.GetUtcNow().AddTicks((4 * i) + 1), shard: 1);
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        List<string> told = [];
        for (var (stretch, cursor) = (default(EventStretch), default(EventCursor)); ;)
        {
            stretch ??= await Feed().ReadAheadAsync(cursor, _clock.GetUtcNow(), Cancellation);
            (var page, stretch) = stretch.Cut(97);
            cursor = page.Next;
            told.AddRange(Ids(page));
            if (!page.HasMore)
            {
                break;
            }
        }

        Assert.Equal(_events.InOrder.Select(e => e.Id), told);
        Assert.Equal(2 * 2, _events.Reads);
    }

    [Fact]
    public async Task WhatWasSentAtOneMomentIsPagedWithoutLoss()
    {
        foreach (var user in Users(7))
        {
            _events.Arrives(user, 1, _clock.GetUtcNow());
        }

        _clock.Advance(Seconds(1));

        Assert.Equal(_events.All.Select(e => e.Id), await AllAsync(null, limit: 2));
    }

    [Fact]
    public async Task WhatArrivesLateIsToldWithAllThatWasSentSince()
    {
        var sent = _clock.GetUtcNow();
        _clock.Advance(Seconds(5));
        _events.Arrives(Bob, 1, _clock.GetUtcNow());
        _clock.Advance(Seconds(1));
        var first = await Feed().ReadAsync(null, 100, Cancellation);
        Assert.Equal(["bob/1"], Ids(first));

        _clock.Advance(Seconds(38));
        _events.Arrives(Alice, 1, sent);

        Assert.Equal(["alice/1", "bob/1"], await AllAsync(first.Next, limit: 1));
    }

    [Fact]
    public async Task WhatIsGoneMeanwhileHidesNothingThatArrivesLate()
    {
        var sent = _clock.GetUtcNow();
        _clock.Advance(Seconds(5));
        _events.Arrives(Bob, 1, _clock.GetUtcNow());
        _events.Arrives(Guest, 1, _clock.GetUtcNow());
        _clock.Advance(Seconds(1));
        var first = await Feed().ReadAsync(null, 100, Cancellation);

        _events.Goes(Bob, 1);
        _events.Arrives(Alice, 1, sent);

        Assert.Equal(["alice/1", "anon:guest/1"], await AllAsync(first.Next, limit: 100));
    }

    [Fact]
    public async Task TheReaderWhoseClockIsBehindTellsNothingAgain()
    {
        _events.Arrives(Alice, 1, _clock.GetUtcNow());
        _clock.Advance(Seconds(1));
        var first = await Feed().ReadAsync(null, 100, Cancellation);

        var behind = new EventFeed(_events, MicrosoftOptions.Create(Settings()), new FakeTimeProvider(_clock.GetUtcNow() - Seconds(4)));
        var second = await behind.ReadAsync(first.Next, 100, Cancellation);

        Assert.Empty(second.Events);
        Assert.Empty((await Feed().ReadAsync(second.Next, 100, Cancellation)).Events);
    }

    /// <summary>Whoever reads at any moments, by clocks that differ, and forgets the last cursor now and then, misses nothing and is told it in order.</summary>
    [Fact]
    public async Task NothingIsMissedAndWhatIsToldFirstIsInOrderWhateverArrivesLate()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            await FollowAsync(new Random(seed), seed);
        }
    }

    [Fact]
    public async Task FromTheLatestOnOnlyWhatComesAfterItIsTold()
    {
        _events.Arrives(Alice, 1, _clock.GetUtcNow());
        _events.Arrives(Bob, 1, _clock.GetUtcNow(), shard: 1);
        _clock.Advance(Seconds(2));
        var sent = _clock.GetUtcNow() - Seconds(10);

        var latest = await Feed().LatestAsync(Cancellation);
        Assert.Empty((await Feed().ReadAsync(latest, 100, Cancellation)).Events);

        // What was sent before, and was not to be seen then, comes after it.
        _events.Arrives(Alice, 2, sent);
        Assert.Contains("alice/2", await AllAsync(latest, limit: 100));
    }

    [Fact]
    public async Task ACursorIsGoodForAsLongAsEventsAreKept()
    {
        var retention = TimeSpan.FromDays(2);
        var first = await Feed(retention).ReadAsync(null, 100, Cancellation);
        var latest = await Feed(retention).LatestAsync(Cancellation);
        _clock.Advance(retention + EventFeed.Spare - EventFeed.Lag);

        await Feed(retention).ReadAsync(latest, 100, Cancellation);
        await Feed(retention).ReadAsync(first.Next, 100, Cancellation);
        _clock.Advance(TimeSpan.FromTicks(1));

        await Assert.ThrowsAsync<CursorTooOldException>(() => Feed(retention).ReadAsync(latest, 100, Cancellation));
    }

    [Fact]
    public async Task ACursorFromBeforeEventsWereKeptForLessLongOrNotAtAllIsRefused()
    {
        var latest = await Feed().LatestAsync(Cancellation);
        _clock.Advance(TimeSpan.FromHours(30));
        await Feed().ReadAsync(latest, 100, Cancellation);

        // Meanwhile they were kept for an hour, and what was older has gone.
        await _events.RaiseCompleteSinceAsync(_clock.GetUtcNow() - TimeSpan.FromHours(2), Cancellation);

        var refused = await Assert.ThrowsAsync<CursorTooOldException>(() => Feed().ReadAsync(latest, 100, Cancellation));
        Assert.Contains("2030-01-02T16:00:00", refused.Message, StringComparison.Ordinal);
        await Feed().ReadAsync(await Feed().LatestAsync(Cancellation), 100, Cancellation);
    }

    [Fact]
    public async Task TheOldestIsTheOldestOfThoseThatAreThereWithoutAGap()
    {
        _events.Arrives(Alice, 1, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromHours(1));
        await _events.RaiseCompleteSinceAsync(_clock.GetUtcNow(), Cancellation);
        _events.Arrives(Alice, 2, _clock.GetUtcNow().AddTicks(1));
        _events.Arrives(Alice, 3, _clock.GetUtcNow().AddTicks(2));
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(["alice/2", "alice/3"], await AllAsync(null, limit: 1));
    }

    [Fact]
    public async Task OnlyWhoeverAsksLessThanOnceAMinutePaysForLookingFromWhenOnAllAreThere()
    {
        var latest = await Feed().LatestAsync(Cancellation);
        _clock.Advance(TimeSpan.FromMinutes(1) - EventFeed.Lag);
        var page = await Feed().ReadAsync(latest, 100, Cancellation);
        Assert.Equal(0, _events.Looks);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await Feed().ReadAsync(page.Next, 100, Cancellation);
        Assert.Equal(1, _events.Looks);
        await Feed().ReadAsync(null, 100, Cancellation);
        Assert.Equal(2, _events.Looks);
    }

    [Fact]
    public async Task WhatIsRemovedWhileItIsReadIsNotTakenForAll()
    {
        var latest = await Feed().LatestAsync(Cancellation);
        _clock.Advance(TimeSpan.FromHours(3));
        _events.OnRead = () => _events.RaiseCompleteSinceAsync(_clock.GetUtcNow() - TimeSpan.FromHours(1), Cancellation);

        await Assert.ThrowsAsync<CursorTooOldException>(() => Feed().ReadAsync(latest, 100, Cancellation));
    }

    [Fact]
    public async Task WhoBeginsWithTheOldestCanReadOn()
    {
        for (var i = 0; i < 5; i++)
        {
            _events.Arrives(Alice, i, _clock.GetUtcNow() + TimeSpan.FromTicks(1 + i));
        }

        _clock.Advance(TimeSpan.FromDays(7));
        var page = await Feed().ReadAsync(null, 1, Cancellation);
        _clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(["alice/1", "alice/2", "alice/3", "alice/4"], await AllAsync(page.Next, limit: 1));
    }

    [Fact]
    public async Task ACursorOfAnotherNumberOfShardsIsRefusedByName()
    {
        var other = await new EventFeed(new EventsByHand(3), MicrosoftOptions.Create(Settings()), _clock).LatestAsync(Cancellation);

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => Feed().ReadAsync(other, 100, Cancellation));

        Assert.Equal("after", refused.Field);
        Assert.Contains("2 shards", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNothingIsKeptThereIsNoFeed()
    {
        Assert.True(Feed().IsOn);
        Assert.False(Feed(TimeSpan.Zero).IsOn);
    }

    private static async Task FollowAsync(Random random, int seed)
    {
        var (events, clock) = (new EventsByHand(), Clock());
        var onTheirWay = new PriorityQueue<Action, DateTimeOffset>();
        var last = new Dictionary<PresenceKey, (long Version, DateTimeOffset SentAt, DateTimeOffset ArrivesAt)>();
        var (kept, given, told) = (default(EventCursor), default(EventCursor), new List<UserEvent>());
        for (var step = 0; step < 120; step++)
        {
            clock.Advance(Seconds(random.NextDouble() * 3));
            while (onTheirWay.TryPeek(out _, out var at) && at <= clock.GetUtcNow())
            {
                onTheirWay.Dequeue()();
            }

            Happens(random.Next(4));
            if (random.Next(2) == 0)
            {
                await ReadAsync(random.Next(1, 6));
            }
        }

        clock.Advance(EventFeed.Window);
        while (onTheirWay.TryDequeue(out var arrive, out _))
        {
            arrive();
        }

        clock.Advance(Seconds(10));
        while (await ReadAsync(100))
        {
        }

        Assert.True(events.All.Select(e => e.Id).ToHashSet().SetEquals(told.Select(e => e.Id)), $"seed {seed}");
        Assert.All(told.DistinctBy(e => e.Id).GroupBy(e => e.User), ofUser => Assert.Equal(ofUser.OrderBy(e => e.Version), ofUser));

        // Each is sent when the one before has arrived, by a clock that may be ahead or behind, and behind that one.
        void Happens(int number)
        {
            var user = Users(4)[number];
            if (last.TryGetValue(user, out var before) && before.ArrivesAt > clock.GetUtcNow())
            {
                return;
            }

            var sentAt = clock.GetUtcNow() + Seconds((random.NextDouble() * 6) - 3);
            sentAt = before.SentAt >= sentAt ? before.SentAt + TimeSpan.FromTicks(1) : sentAt;
            var arrivesAt = clock.GetUtcNow() + Seconds(random.Next(5) == 0 ? random.NextDouble() * 35 : 0.01);
            last[user] = (before.Version + 1, sentAt, arrivesAt);
            onTheirWay.Enqueue(() => events.Arrives(user, before.Version + 1, sentAt, number % 2), arrivesAt);
        }

        // A page, or some pages of what is read ahead, and not all of them are kept.
        async Task<bool> ReadAsync(int limit)
        {
            var reader = new FakeTimeProvider(clock.GetUtcNow() + Seconds((random.NextDouble() * 6) - 3));
            var feed = new EventFeed(events, MicrosoftOptions.Create(Settings()), reader);
            var stretch = await feed.ReadAheadAsync(kept, reader.GetUtcNow(), Cancellation);
            var page = default(EventPage);
            for (var pages = random.Next(1, 4); pages > 0 && stretch is not null; pages--)
            {
                (page, stretch) = pages == 3 ? (await feed.ReadAsync(kept, limit, Cancellation), null) : stretch.Cut(limit);
                told.AddRange(page.Events);
                (kept, given) = (random.Next(5) == 0 ? given : page.Next, page.Next);
                kept = kept is null ? null : EventCursor.Parse(kept.ToString());
            }

            return page!.HasMore || page.Events.Length > 0;
        }
    }

    private Task<List<string>> AllAsync(EventCursor? after, int limit) => AllAsync(Feed(), after, limit);

    private static async Task<List<string>> AllAsync(EventFeed feed, EventCursor? after, int limit)
    {
        List<string> told = [];
        EventPage page;
        do
        {
            page = await feed.ReadAsync(after, limit, Cancellation);
            told.AddRange(Ids(page));
            after = page.Next;
        }
        while (page.HasMore);

        return told;
    }

    private static IEnumerable<string> Ids(EventPage page) => page.Events.Select(e => e.Id);

    private EventFeed Feed(TimeSpan? retention = null) => new(
        _events, MicrosoftOptions.Create(Settings(o => o.EventRetention = retention ?? o.EventRetention)), _clock);
}
