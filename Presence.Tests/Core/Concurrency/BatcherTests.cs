using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Concurrency;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Concurrency;

public class BatcherTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly Carrier _carrier = new();

    [Fact]
    public async Task TheFirstGoesAtOnce()
    {
        var batcher = Create();

        var added = batcher.AddAsync("a", 1);

        Assert.Equal(["a: 1"], _carrier.Departed);
        _carrier.Arrives("a");
        await added;
    }

    [Fact]
    public async Task WhatComesWhileOneIsOnItsWayGoesTogetherWithTheNextInOrder()
    {
        var batcher = Create();
        List<Task> added = [batcher.AddAsync("a", 1), batcher.AddAsync("a", 2), batcher.AddAsync("a", 3)];
        Assert.Equal(["a: 1"], _carrier.Departed);

        _carrier.Arrives("a");
        await added[0];
        await _carrier.DepartureAsync(2);

        Assert.Equal(["a: 1", "a: 2 3"], _carrier.Departed);
        Assert.False(added[1].IsCompleted);
        _carrier.Arrives("a");
        await Task.WhenAll(added);
    }

    [Fact]
    public async Task KeysDoNotWaitForOneAnother()
    {
        var batcher = Create();
        var a = batcher.AddAsync("a", 1);

        var b = batcher.AddAsync("b", 2);

        _carrier.Arrives("b");
        await b;
        Assert.False(a.IsCompleted);
        _carrier.Arrives("a");
        await a;
    }

    [Fact]
    public async Task AFailureReachesAllOfItsBatchAndNoOther()
    {
        var batcher = Create();
        var first = batcher.AddAsync("a", 1);
        Task[] second = [batcher.AddAsync("a", 2), batcher.AddAsync("a", 3)];

        _carrier.Arrives("a");
        await first;
        await _carrier.DepartureAsync(2);
        var third = batcher.AddAsync("a", 4);
        _carrier.Fails("a", new InvalidOperationException("lost"));

        foreach (var failed in second)
        {
            Assert.Equal("lost", (await Assert.ThrowsAsync<InvalidOperationException>(() => failed)).Message);
        }

        await _carrier.DepartureAsync(3);
        _carrier.Arrives("a");
        await third;
        Assert.Equal(["a: 1", "a: 2 3", "a: 4"], _carrier.Departed);
    }

    [Fact]
    public async Task ACarrierThatFailsAtOnceFailsTheItemAndNotTheCaller()
    {
        var batcher = new Batcher<string, int>((_, _) => throw new InvalidOperationException("refused"), TimeSpan.Zero, _clock);

        var added = batcher.AddAsync("a", 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => added);
        await Assert.ThrowsAsync<InvalidOperationException>(() => batcher.AddAsync("a", 2));
    }

    [Fact]
    public async Task TheNextDoesNotStartBeforeThePaceHasPassedSinceTheFirstStarted()
    {
        var batcher = Create(pace: Seconds(10));
        var first = batcher.AddAsync("a", 1);
        _clock.Advance(Seconds(4));
        _carrier.Arrives("a");
        await first;

        var second = batcher.AddAsync("a", 2);
        _clock.Advance(Seconds(5.999));
        Assert.Equal(["a: 1"], _carrier.Departed);
        var third = batcher.AddAsync("a", 3);
        _clock.Advance(Seconds(0.001));
        await _carrier.DepartureAsync(2);

        Assert.Equal(["a: 1", "a: 2 3"], _carrier.Departed);
        _carrier.Arrives("a");
        await Task.WhenAll(second, third);
    }

    [Fact]
    public async Task OneThatTookLongerThanThePaceIsFollowedAtOnce()
    {
        var batcher = Create(pace: Seconds(10));
        var first = batcher.AddAsync("a", 1);
        var second = batcher.AddAsync("a", 2);
        _clock.Advance(Seconds(10));

        _carrier.Arrives("a");
        await first;
        await _carrier.DepartureAsync(2);

        _carrier.Arrives("a");
        await second;
    }

    [Fact]
    public async Task WhoeverComesAfterARestGoesAtOnce()
    {
        var batcher = Create(pace: Seconds(10));
        await CarryAsync(batcher, 1);
        _clock.Advance(Seconds(10));
        await AtRestAsync(batcher);

        var second = batcher.AddAsync("a", 2);

        Assert.Equal(["a: 1", "a: 2"], _carrier.Departed);
        _carrier.Arrives("a");
        await second;
    }

    [Fact]
    public async Task NothingIsRememberedOfAKeyAtRest()
    {
        var batcher = Create();
        for (var i = 0; i < 100; i++)
        {
            var added = batcher.AddAsync($"key-{i}", i);
            _carrier.Arrives($"key-{i}");
            await added;
        }

        await AtRestAsync(batcher);
    }

    [Fact]
    public async Task ByManyThreadsNothingIsLostDoubledOrCarriedTwoAtATime()
    {
        var carried = new ConcurrentDictionary<int, ConcurrentQueue<int>>();
        var onTheirWay = new ConcurrentDictionary<int, int>();
        var overlaps = 0;
        var batcher = new Batcher<int, int>(
            async (key, items) =>
            {
                Interlocked.Add(ref overlaps, onTheirWay.AddOrUpdate(key, 1, (_, n) => n + 1) - 1);
                await Task.Yield();
                foreach (var item in items)
                {
                    carried.GetOrAdd(key, _ => []).Enqueue(item);
                }

                onTheirWay.AddOrUpdate(key, 0, (_, n) => n - 1);
            },
            TimeSpan.Zero,
            _clock);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                var (key, item) = (i % 3, (thread * 500) + i);
                await batcher.AddAsync(key, item);
                Assert.Contains(item, carried[key]);
            }
        })));

        Assert.Equal(0, overlaps);
        Assert.Equal(Enumerable.Range(0, 4_000), carried.Values.SelectMany(q => q).Order());
        for (var thread = 0; thread < 8; thread++)
        {
            foreach (var items in carried.Values.Select(q => q.Where(i => i / 500 == thread).ToList()))
            {
                Assert.Equal(items.Order(), items);
            }
        }

        await AtRestAsync(batcher);
    }

    private Batcher<string, int> Create(TimeSpan pace = default) => new(_carrier.CarryAsync, pace, _clock);

    private async Task CarryAsync(Batcher<string, int> batcher, int item)
    {
        var added = batcher.AddAsync("a", item);
        _carrier.Arrives("a");
        await added;
    }

    /// <summary>Ends when the batcher remembers nothing. Whoever waits for a batch may be told a little before that.</summary>
    private static async Task AtRestAsync<TKey>(Batcher<TKey, int> batcher)
        where TKey : notnull
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (batcher.Count > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Carries a batch until it is told that it has arrived.</summary>
    private sealed class Carrier
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _onTheirWay = [];
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _departures = [];
        private readonly ConcurrentQueue<string> _departed = [];

        public IReadOnlyList<string> Departed => [.. _departed];

        public Task CarryAsync(string key, IReadOnlyList<int> items)
        {
            var arrival = _onTheirWay[key] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _departed.Enqueue($"{key}: {string.Join(' ', items)}");
            Departure(_departed.Count).TrySetResult();
            return arrival.Task;
        }

        /// <summary>Ends when so many batches have departed.</summary>
        public Task DepartureAsync(int count) => Departure(count).Task;

        public void Arrives(string key) => _onTheirWay[key].SetResult();

        public void Fails(string key, Exception failure) => _onTheirWay[key].SetException(failure);

        private TaskCompletionSource Departure(int count) =>
            _departures.GetOrAdd(count, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
