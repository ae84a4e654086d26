using Microsoft.Extensions.Time.Testing;
using Presence.Core.Concurrency;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Concurrency;

public sealed class BatcherTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly List<(string Key, string Items)> _carried = [];
    private Func<string, Task> _carry = _ => Task.CompletedTask;

    [Fact]
    public async Task TheFirstGoesAtOnceAndWhatComesMeanwhileGoesTogether()
    {
        var gate = new TaskCompletionSource();
        _carry = _ => gate.Task;
        var batcher = Create();

        var first = batcher.AddAsync("a", 1);
        var others = Enumerable.Range(2, 98).Select(i => batcher.AddAsync("a", i)).ToList();
        Assert.Equal([("a", "1")], _carried);
        gate.SetResult();
        await Task.WhenAll([first, .. others]);

        Assert.Equal([("a", "1"), ("a", string.Join(" ", Enumerable.Range(2, 98)))], _carried);
    }

    [Fact]
    public async Task OfEachKeyOneIsOnItsWay()
    {
        var gate = new TaskCompletionSource();
        _carry = key => key == "a" ? gate.Task : Task.CompletedTask;
        var batcher = Create();

        var slow = batcher.AddAsync("a", 1);
        await batcher.AddAsync("b", 2);

        Assert.False(slow.IsCompleted);
        gate.SetResult();
        await slow;
    }

    [Fact]
    public async Task ABatchThatFailsFailsForThoseInItAlone()
    {
        var gate = new TaskCompletionSource();
        var failing = true;
        _carry = async _ =>
        {
            await gate.Task;
            if (failing)
            {
                throw new InvalidOperationException("refused");
            }
        };
        var batcher = Create();
        var first = batcher.AddAsync("a", 1);
        var second = batcher.AddAsync("a", 2);
        gate.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        failing = false;
        await batcher.AddAsync("a", 3);
    }

    [Fact]
    public async Task ACrowdIsPacedFromStartToStart()
    {
        var batcher = Create(Seconds(0.1));
        await batcher.AddAsync("a", 1);

        var second = batcher.AddAsync("a", 2);
        var third = batcher.AddAsync("a", 3);
        _clock.Advance(Seconds(0.099));
        Assert.Single(_carried);
        _clock.Advance(Seconds(0.001));
        await Task.WhenAll(second, third);

        Assert.Equal([("a", "1"), ("a", "2 3")], _carried);
        _clock.Advance(Seconds(0.1));
        await batcher.AddAsync("a", 4);
        Assert.Equal(("a", "4"), _carried[^1]);
    }

    private Batcher<string, int> Create(TimeSpan pace = default) => new(
        (key, items) =>
        {
            lock (_carried)
            {
                _carried.Add((key, string.Join(" ", items)));
            }

            return _carry(key);
        },
        pace,
        _clock);
}
