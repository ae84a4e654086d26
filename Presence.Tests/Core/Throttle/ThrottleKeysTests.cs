using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public class ThrottleKeysTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryThrottleKeys _store = new();

    [Fact]
    public async Task OfManyInstancesThatStartTogetherAllHaveTheSameKey()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Create().CurrentAsync().AsTask()));

        Assert.All(keys, key => Assert.Equal(keys[0]!.Secret, key!.Secret));
        Assert.Equal((1, 32), (keys[0]!.Number, keys[0]!.Secret.Length));
    }

    [Fact]
    public async Task AKeyIsReadOnceInTenMinutes()
    {
        var keys = Create();
        await keys.CurrentAsync();
        var lists = _store.Lists;

        for (var second = 0; second < 599; second++)
        {
            _clock.Advance(Seconds(1));
            Assert.NotNull(await keys.CurrentAsync());
        }

        Assert.Equal(lists, _store.Lists);
        _clock.Advance(Seconds(1));
        await keys.CurrentAsync();
        Assert.Equal(lists + 1, _store.Lists);
    }

    [Fact]
    public async Task AKeyGivesWayAfterThirtyDaysAndTheOneBeforeStaysGood()
    {
        var (one, other) = (Create(), Create());
        var first = await one.CurrentAsync();
        await other.CurrentAsync();
        _clock.Advance(TimeSpan.FromDays(30));
        await one.CurrentAsync();

        var second = await one.CurrentAsync();

        Assert.Equal((1, 2), (first!.Number, second!.Number));
        Assert.NotEqual(first.Secret, second.Secret);
        Assert.NotNull(await one.FindAsync(1));

        // Another instance meets a token under the new key before it has read it.
        Assert.Equal(second.Secret, (await other.FindAsync(2))!.Secret);

        _clock.Advance(TimeSpan.FromDays(30));
        await one.CurrentAsync();
        Assert.Equal(3, (await one.CurrentAsync())!.Number);
        Assert.Null(await one.FindAsync(1));
    }

    [Fact]
    public async Task WhoeverMakesNumbersUpGetsOneRequestInTenSecondsOutOfUs()
    {
        var keys = Create();
        await keys.CurrentAsync();
        var lists = _store.Lists;

        for (var i = 0; i < 1_000; i++)
        {
            Assert.Null(await keys.FindAsync(1_000 + i));
        }

        Assert.Equal(lists + 1, _store.Lists);
        _clock.Advance(Seconds(10));
        await keys.FindAsync(5);
        Assert.Equal(lists + 2, _store.Lists);
    }

    [Fact]
    public async Task WhileStorageIsOutOfReachItIsAskedOnceInTenSecondsAndKnownKeysStayInUse()
    {
        var (fresh, old) = (Create(), Create());
        await old.CurrentAsync();
        _store.IsOutOfReach = true;
        _clock.Advance(Seconds(600));
        var lists = _store.Lists;

        for (var i = 0; i < 100; i++)
        {
            Assert.Null(await fresh.CurrentAsync());
            Assert.NotNull(await old.CurrentAsync());
        }

        Assert.InRange(_store.Lists - lists, 2, 4);
        _store.IsOutOfReach = false;
        _clock.Advance(Seconds(10));
        Assert.NotNull(await fresh.CurrentAsync());
    }

    private ThrottleKeys Create() => new(new ThrottleKeyRenewal(_store, _clock), _clock, NullLogger<ThrottleKeys>.Instance);
}
