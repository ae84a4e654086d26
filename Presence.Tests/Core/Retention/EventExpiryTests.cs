using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Ports;
using Presence.Core.Retention;
using Presence.Tests.Core.Ledger;
using static Presence.Tests.Core.Some;
using MicrosoftOptions = Microsoft.Extensions.Options.Options;

namespace Presence.Tests.Core.Retention;

public sealed class EventExpiryTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _clock = Clock();
    private readonly FakeLogger<EventExpiry> _log = new();
    private readonly EventsByHand _events = new(shardCount: 16);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatHasHadItsTimeGoesAndNothingElse()
    {
        Old(3);
        _clock.Advance(Seconds(1));
        Old(1);
        _clock.Advance(Retention + (EventFeed.Spare * 2) - Seconds(1));

        Assert.Equal(16 * 3, await Expiry().RunAsync(Cancellation));
        Assert.Equal(16, _events.All.Count);
    }

    [Fact]
    public async Task OneRequestOfAShardIsOnItsWayAndThoseOfEightShards()
    {
        Old((EventExpiry.AtOnce * 2) + 1);
        var (shards, most, all) = (new HashSet<int>(), 0, new TaskCompletionSource());
        _events.OnRemove = async shard =>
        {
            lock (shards)
            {
                Assert.True(shards.Add(shard), "the shard is at work already");
                most = Math.Max(most, shards.Count);
                _ = shards.Count == 8 && all.TrySetResult();
            }

            await all.Task.WaitAsync(Seconds(30), Cancellation);
            await Task.Yield();
            lock (shards)
            {
                shards.Remove(shard);
            }
        };
        _clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(16 * ((EventExpiry.AtOnce * 2) + 1), await Expiry().RunAsync(Cancellation));
        Assert.Equal(8, most);
    }

    [Fact]
    public async Task ItEndsAfterHalfTheTimeToTheNextCensusAndTheNextRunGoesOn()
    {
        Old(EventExpiry.AtOnce * 4);
        var turns = new Dictionary<int, int>();
        _events.OnRemove = async shard =>
        {
            await Task.Yield();
            lock (turns)
            {
                turns[shard] = turns.GetValueOrDefault(shard) + 1;
            }

            _clock.Advance(Seconds(1));
        };
        _clock.Advance(TimeSpan.FromDays(2));
        var began = _clock.GetUtcNow();

        var removed = await _clock.RunAsync(Expiry().RunAsync(Cancellation));

        Assert.InRange(removed, 16 * EventExpiry.AtOnce, 38 * EventExpiry.AtOnce);
        Assert.InRange(_clock.GetUtcNow() - began, Seconds(30), Seconds(60));
        Assert.Equal("OldEventsLeft", Assert.Single(_log.Collector.GetSnapshot()).Id.Name);

        // Shard after shard has had its turn, and none is ahead by much.
        Assert.Equal(16, turns.Count);
        Assert.InRange(turns.Values.Max() - turns.Values.Min(), 0, 2);

        _events.OnRemove = null;
        Assert.Equal((16 * 4 * EventExpiry.AtOnce) - removed, await Expiry().RunAsync(Cancellation));
    }

    [Fact]
    public async Task AShardThatIsOutOfReachKeepsNoOther()
    {
        Old(5);
        _events.OnRemove = shard => shard == 3 ? throw new StoreUnavailableException("The storage is out of reach.") : Task.CompletedTask;
        _clock.Advance(TimeSpan.FromDays(2));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Expiry().RunAsync(Cancellation));

        Assert.Equal(5, _events.All.Count);
    }

    [Fact]
    public async Task CursorsAreRefusedBeforeTheirEventsGoAndItIsSaidOnceAnHour()
    {
        Old(1);
        _events.OnRemove = _ =>
        {
            Assert.True(_events.CompleteSince >= _clock.GetUtcNow() - Retention - (EventFeed.Spare * 2));
            return Task.CompletedTask;
        };
        var expiry = Expiry();
        for (var minute = 0; minute < 3 * 60; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await expiry.RunAsync(Cancellation);
        }

        Assert.Equal(3, _events.Raises);
    }

    [Fact]
    public async Task WhereNoEventsAreWrittenAllGoAndNothingIsCompleteUntilNow()
    {
        Old(1);
        var off = Expiry(TimeSpan.Zero);
        Assert.Equal(16, await off.RunAsync(Cancellation));
        _clock.Advance(Seconds(60));
        await off.RunAsync(Cancellation);

        Assert.Equal(_clock.GetUtcNow(), _events.CompleteSince);
    }

    private void Old(int ofEachShard)
    {
        for (var shard = 0; shard < _events.ShardCount; shard++)
        {
            for (var i = 0; i < ofEachShard; i++)
            {
                _events.Arrives(PresenceKey.Registered($"{shard}"), i, _clock.GetUtcNow(), shard);
            }
        }
    }

    private EventExpiry Expiry(TimeSpan? retention = null) =>
        new(_events, MicrosoftOptions.Create(Settings(o => o.EventRetention = retention ?? Retention)), _clock, _log);
}
