using Presence.Core.Domain;
using Presence.Core.Ports;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What every store of events must do.</summary>
public abstract class EventStoreContract(AzuriteFixture azurite) : TableTests(azurite)
{
    private protected abstract IPresenceStore Store { get; }

    private protected abstract IEventStore Events { get; }

    [Fact]
    public async Task AnEventIsThereExactlyIfItsChangeIs()
    {
        var unknown = await Store.LoadAsync(Alice, Cancellation);
        Assert.True(await Store.TryCommitAsync(Change(unknown, 1), Cancellation));
        Assert.False(await Store.TryCommitAsync(Change(unknown, 2), Cancellation));

        Assert.Equal(["alice/1"], await IdsAsync());
    }

    [Fact]
    public async Task AnEventReadsAsItWasWritten()
    {
        var view = default(UserRecords).ViewOf(Alice) with
        {
            Availability = Availability.DoNotDisturb, Text = "in a \"meeting\"", Emoji = "🚆", Device = Device.Mobile, LastActiveAt = Start, Version = 4,
        };
        UserEvent[] written =
        [
            new(UserEventKind.Status, Alice, 4, Start) { View = view, Conversations = ["a", "b"], Joined = ["b"], Left = ["c", "d"] },
            new(UserEventKind.Availability, Alice, 5, Start) { View = view with { Version = 5, LastSeen = LastSeen.WithinWeek, LastActiveAt = null } },
            new(UserEventKind.Erased, Alice, 6, Start),
        ];
        foreach (var told in written)
        {
            await TellAsync(told);
        }

        var read = (await ReadAsync(Alice)).Select(stored => stored.Event).ToList();

        Assert.Equal(3, read.Count);
        Assert.All(written.Zip(read), pair =>
        {
            Assert.Equal(pair.First with { Conversations = [], Joined = [], Left = [] }, pair.Second with { Conversations = [], Joined = [], Left = [] });
            Assert.Equal(pair.First.Conversations, pair.Second.Conversations);
            Assert.Equal(pair.First.Joined, pair.Second.Joined);
            Assert.Equal(pair.First.Left, pair.Second.Left);
        });
    }

    [Fact]
    public async Task EventsOfOneUserLieBehindOneAnotherWhateverTheClockSays()
    {
        for (var version = 1; version <= 4; version++)
        {
            await TellAsync(new(UserEventKind.Erased, Alice, version, Start));
            Clock.AdjustTime(Start - Seconds(version));
        }

        var read = await ReadAsync(Alice);

        Assert.Equal([1, 2, 3, 4], read.Select(stored => stored.Event.Version));
        Assert.Equal(Start.UtcTicks + 3, read[^1].Position.Ticks);
        Assert.Equal(Start.AddTicks(3), (await Store.LoadAsync(Alice, Cancellation)).Records.EventAt);
    }

    [Fact]
    public async Task AChangeThatIsNoEventKeepsWhenTheLastOneWas()
    {
        await TellAsync(new(UserEventKind.Erased, Alice, 1, Start));
        var stored = await Store.LoadAsync(Alice, Cancellation);
        await Store.TryCommitAsync(stored, new(null, new ProfileRecord { Version = 7, IsWatched = true }), null, Cancellation);

        Assert.Equal(Start, (await Store.LoadAsync(Alice, Cancellation)).Records.EventAt);
    }

    [Fact]
    public async Task ChangesMadeTogetherHaveTheirEventsToo()
    {
        PresenceKey[] users = [.. Users(200).Where(user => ShardOf(user) == ShardOf(Alice)).Take(40)];
        var loaded = await Task.WhenAll(users.Select(user => Store.LoadAsync(user, Cancellation).AsTask()));

        var results = await Store.CommitManyAsync([.. loaded.Select(user => Change(user, 3))], Cancellation).ToListAsync(Cancellation);

        Assert.All(results, result => Assert.Equal(CommitResult.Made, result.Result));
        Assert.Equal(users.Select(user => $"{user}/3").Order(StringComparer.Ordinal), (await IdsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ReadingIsBoundByPositions()
    {
        for (var version = 1; version <= 5; version++)
        {
            await TellAsync(new(UserEventKind.Erased, Alice, version, Start));
            Clock.Advance(Seconds(1));
        }

        var all = await ReadAsync(Alice);
        var some = await Events.ReadAsync(ShardOf(Alice), all[0].Position, all[3].Position, 1, Cancellation).ToListAsync(Cancellation);

        Assert.Equal([2, 3, 4], some.Select(stored => stored.Event.Version));
        Assert.Empty(await Events.ReadAsync(ShardOf(Alice), all[3].Position, all[4].Position.Before, 10, Cancellation).ToListAsync(Cancellation));
        Assert.Equal(
            [5], (await Events.ReadAsync(ShardOf(Alice), all[4].Position.Before, EventPosition.EndOf(Start + Seconds(9)), 10, Cancellation).ToListAsync(Cancellation))
                .Select(stored => stored.Event.Version));
    }

    [Fact]
    public async Task AllOfAUserButItsErasuresAreRemovedUpToTheLastOfTheseAndNoneOfAnother()
    {
        await TellAsync(Told(Alice, 1));
        await TellAsync(new(UserEventKind.Erased, Alice, 2, Start));
        await TellAsync(Told(Alice, 3));
        await TellAsync(Told(Bob, 1));
        await TellAsync(new(UserEventKind.Erased, Alice, 4, Start));
        await TellAsync(Told(Alice, 5));

        Assert.Equal(2, await RemoveAsync(Alice));

        Assert.Equal(["alice/2", "alice/4", "alice/5", "bob/1"], (await IdsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(0, await RemoveAsync(Alice));
        await TellAsync(new(UserEventKind.Erased, Alice, 6, Start));
        Assert.Equal(1, await RemoveAsync(Alice));
        Assert.Equal(["alice/2", "alice/4", "alice/6", "bob/1"], (await IdsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task HoweverManyAUserHasAllOfThemAreRemoved()
    {
        for (var version = 1; version <= 230; version++)
        {
            await TellAsync(Told(Alice, version));
        }

        await TellAsync(new(UserEventKind.Erased, Alice, 231, Start));

        Assert.Equal(230, await RemoveAsync(Alice));
        Assert.Equal(["alice/231"], await IdsAsync());
    }

    [Fact]
    public async Task WhereNoneAreWrittenAnyMoreThoseOfBeforeAreRemoved()
    {
        for (var version = 1; version <= 130; version++)
        {
            await TellAsync(Told(Alice, version));
        }

        Clock.Advance(Seconds(1));
        var stored = await Store.LoadAsync(Alice, Cancellation);
        Assert.True(await Store.TryCommitAsync(Change(stored, 131) with { Event = null }, Cancellation));

        Assert.Equal(130, await RemoveAsync(Alice));
        Assert.Empty(await IdsAsync());
        Assert.Equal(0, await RemoveAsync(Alice));
    }

    [Fact]
    public async Task ThoseOfAUserOfWhomNothingIsKnownAreFoundWhereTheyAreSought()
    {
        await TellAsync(Told(Alice, 1));
        await TellAsync(Told(Bob, 1));
        var until = Clock.GetUtcNow();
        Clock.Advance(Seconds(1));
        await TellAsync(Told(Alice, 2));

        Assert.Equal(0, await Events.RemoveAsync(Alice, last: null, until, isSought: false, Cancellation));
        Assert.Equal(1, await Events.RemoveAsync(Alice, last: null, until, isSought: true, Cancellation));

        Assert.Equal(["alice/2", "bob/1"], (await IdsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task OldOnesOfAShardAreRemovedTheOldestFirstAndSoManyAtOnce()
    {
        foreach (var user in Users(9))
        {
            await TellAsync(new(UserEventKind.Erased, user, 1, Start));
        }

        Clock.Advance(Seconds(10));
        await TellAsync(new(UserEventKind.Erased, Alice, 1, Start));

        Assert.Equal(0, await RemoveOldAsync(Start - Seconds(1), most: 1_000));
        Assert.Equal(Math.Min(4, Events.ShardCount), await RemoveOldAsync(Start + Seconds(9), most: 1));
        Assert.Equal(5, await RemoveOldAsync(Start + Seconds(9), most: 1_000));
        Assert.Equal(["alice/1"], await IdsAsync());
    }

    [Fact]
    public async Task FromWhenOnAllAreThereOnlyRises()
    {
        Assert.Equal(DateTimeOffset.MinValue, await Events.CompleteSinceAsync(Cancellation));

        await Events.RaiseCompleteSinceAsync(Start.AddTicks(1), Cancellation);
        await Events.RaiseCompleteSinceAsync(Start, Cancellation);
        Assert.Equal(Start.AddTicks(1), await Events.CompleteSinceAsync(Cancellation));

        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Events.RaiseCompleteSinceAsync(Start + Seconds(i), Cancellation)));
        Assert.Equal(Start + Seconds(8), await Events.CompleteSinceAsync(Cancellation));
    }

    private protected abstract int ShardOf(PresenceKey user);

    private static UserEvent Told(PresenceKey user, long version) => new(UserEventKind.Status, user, version, Start) { View = default(UserRecords).ViewOf(user) };

    /// <summary>As an erasure does whose time was this one.</summary>
    private async Task<int> RemoveAsync(PresenceKey user) =>
        await Events.RemoveAsync(user, (await Store.LoadAsync(user, Cancellation)).Records.EventAt, Clock.GetUtcNow(), isSought: true, Cancellation);

    private async Task<int> RemoveOldAsync(DateTimeOffset sentUntil, int most)
    {
        var removed = 0;
        for (var shard = 0; shard < Events.ShardCount; shard++)
        {
            removed += await Events.RemoveOldAsync(shard, sentUntil, most, Cancellation);
        }

        return removed;
    }

    /// <summary>The change of a user that this event tells of, whatever it is.</summary>
    private async Task TellAsync(UserEvent told)
    {
        var stored = await Store.LoadAsync(told.User, Cancellation);
        Assert.True(await Store.TryCommitAsync(Change(stored, told.Version) with { Event = told }, Cancellation));
    }

    private static PendingCommit Change(StoredUser user, long version) =>
        new(user, new(null, new ProfileRecord { Version = version, Revision = version, WriteId = $"{version}" }), null)
        {
            Event = new(UserEventKind.Erased, user.User, version, Start),
        };

    private async Task<List<StoredEvent>> ReadAsync(PresenceKey user) => await Events
        .ReadAsync(ShardOf(user), default, EventPosition.EndOf(Start + TimeSpan.FromDays(1)), 1000, Cancellation).ToListAsync(Cancellation);

    private async Task<List<string>> IdsAsync()
    {
        List<string> ids = [];
        for (var shard = 0; shard < Events.ShardCount; shard++)
        {
            ids.AddRange((await Events.ReadAsync(shard, default, EventPosition.EndOf(Start + TimeSpan.FromDays(1)), 1000, Cancellation).ToListAsync(Cancellation))
                .Select(stored => stored.Event.Id));
        }

        return ids;
    }
}
