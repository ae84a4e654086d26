using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Throttle;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public sealed class HeldActivityWriterTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance _instance;

    public HeldActivityWriterTests() => _instance = Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HeldActivityWriter Writer => _instance.Get<HeldActivityWriter>();

    [Fact]
    public async Task WhatIsHeldBackIsWrittenOnceWhenItsUserIsQuiet()
    {
        await CallAsync(Alice);
        await PassAsync(40);
        await CallAsync(Alice);

        await PassAsync(194);
        Assert.Equal(1, _store.Commits);
        await PassAsync(1);

        Assert.Equal((2, Start + Seconds(40)), (_store.Commits, (await _instance.ViewAsync(Alice)).LastActiveAt));
        var loads = _store.Loads;
        await PassAsync(150);
        Assert.Equal((loads, 2), (_store.Loads, _store.Commits));
    }

    [Fact]
    public async Task WhoseLastCallWasRecordedIsNotWrittenOnceMore()
    {
        await CallAsync(Alice);
        await PassAsync(65);
        await CallAsync(Alice);
        var loads = _store.Loads;

        await PassAsync(280);

        Assert.Equal((loads, 2), (_store.Loads, _store.Commits));
    }

    [Fact]
    public async Task WhoCallsWithinASecondOfWhatIsRecordedIsNotWrittenOnceMore()
    {
        await CallAsync(Alice);
        _clock.Advance(Seconds(0.999));
        await CallAsync(Alice);
        var loads = _store.Loads;

        await PassAsync(280);

        Assert.Equal((loads, 1), (_store.Loads, _store.Commits));
    }

    public static TheoryData<int> Intervals => [.. Enumerable.Range(1, 64)];

    [Theory]
    [MemberData(nameof(Intervals))]
    public async Task WhileAUserCallsNothingFurtherIsWritten(int interval)
    {
        var written = new List<TimeSpan>();
        _store.Applied = (_, _) => written.Add(_clock.GetUtcNow() - Start);
        for (var second = 0; second < 1_300; second++)
        {
            if (second % interval == 0)
            {
                await CallAsync(Alice);
            }

            await PassAsync(1);
        }

        // The first call at or after the end of each window, and nothing else.
        var expected = new List<TimeSpan>();
        for (var at = 0; at < 1_300; at += (65 + interval - 1) / interval * interval)
        {
            expected.Add(Seconds(at));
        }

        Assert.Equal(expected, written);
    }

    [Fact]
    public async Task AnInstanceThatStopsWritesAllItHoldsBack()
    {
        foreach (var user in Users(20))
        {
            await CallAsync(user);
        }

        await PassAsync(40);
        foreach (var user in Users(20))
        {
            await CallAsync(user);
        }

        await Writer.StopAsync(Cancellation);

        Assert.Equal(40, _store.Commits);
        foreach (var user in Users(20))
        {
            Assert.Equal(Start + Seconds(40), (await _instance.ViewAsync(user)).LastActiveAt);
        }
    }

    [Fact]
    public async Task AnInstanceThatRunsWritesByItself()
    {
        await CallAsync(Alice);
        _clock.Advance(Seconds(40));
        await CallAsync(Alice);
        var written = new TaskCompletionSource();
        _store.OnCommitted = _ =>
        {
            written.TrySetResult();
            return Task.CompletedTask;
        };
        await Writer.StartAsync(Cancellation);

        while (!written.Task.IsCompleted)
        {
            Cancellation.ThrowIfCancellationRequested();
            _clock.Advance(Seconds(1));
            await Task.Yield();
        }

        await Writer.StopAsync(Cancellation);
        Assert.Equal(Start + Seconds(40), (await _instance.ViewAsync(Alice)).LastActiveAt);
    }

    [Fact]
    public async Task TheDeathOfAnInstanceCostsAWindowAtMost()
    {
        for (var last = 0; last < 200; last++)
        {
            var store = new InMemoryPresenceStore();
            var clock = Clock();
            await using (var dies = Instance.OverMemory(store, clock, o => o.DefaultConversation = ""))
            {
                for (var second = 0; second <= last; second++)
                {
                    await dies.Recorder.RecordAsync(Alice, clock.GetUtcNow());
                    await dies.Get<HeldActivityWriter>().WriteAsync(all: false, Cancellation);
                    clock.Advance(Seconds(1));
                }
            }

            clock.Advance(TimeSpan.FromMinutes(6));
            await using var survivor = Instance.OverMemory(store, clock, o => o.DefaultConversation = "");
            await survivor.Sweep.RunAsync(Cancellation);

            var view = await survivor.ViewAsync(Alice);
            Assert.Equal(PresenceStatus.Offline, view.Status);
            Assert.InRange(Start + Seconds(last) - view.LastSeenAt!.Value, TimeSpan.Zero, Seconds(64));
        }
    }

    [Fact]
    public async Task WhatCouldNotBeWrittenIsWrittenAsSoonAsStorageIsBack()
    {
        await CallAsync(Alice);
        await PassAsync(40);
        await CallAsync(Alice);
        _store.OnCommit = _ => throw new StoreUnavailableException("out of reach");
        await PassAsync(200);
        Assert.Equal(1, _store.Commits);

        _store.OnCommit = null;
        await PassAsync(2);

        Assert.Equal((2, Start + Seconds(40)), (_store.Commits, (await _instance.ViewAsync(Alice)).LastActiveAt));
    }

    [Fact]
    public async Task WhileStorageIsOutOfReachItIsNotAskedForEach()
    {
        foreach (var user in Users(500))
        {
            await CallAsync(user);
        }

        await PassAsync(40);
        foreach (var user in Users(500))
        {
            await CallAsync(user);
        }

        var asked = 0;
        _store.OnLoad = _ => throw new StoreUnavailableException($"out of reach {Interlocked.Increment(ref asked)}");
        _clock.Advance(Seconds(200));
        await WriteAsync();
        Assert.InRange(asked, 1, 8);

        _store.OnLoad = null;
        _clock.Advance(Seconds(1));
        Assert.Equal(500, await WriteAsync());
        Assert.Equal(1_000, _store.Commits);
    }

    [Fact]
    public async Task WhoHasGoneIsNotLookedUpAgainWithEachWhoIsDue()
    {
        // One is due each second, and there are always others who are quiet and not due yet.
        for (var second = 0; second < 70; second++)
        {
            if (second < 60)
            {
                await CallAsync(Users(60)[second]);
            }

            if (second >= 10)
            {
                await CallAsync(Users(60)[second - 10]);
            }

            await PassAsync(1);
        }

        var loads = _store.Loads;
        await PassAsync(300);

        // One load each for the write, and in the minute that it takes three look-ups of those who are left.
        Assert.Equal(120, _store.Commits);
        Assert.InRange(_store.Loads - loads, 60, 60 * (1 + 3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneThatCanNeverBeWrittenStopsNoOther(bool isCancelled)
    {
        await CallAsync(Alice);
        await CallAsync(Bob);
        await PassAsync(40);
        await CallAsync(Alice);
        await CallAsync(Bob);
        _store.OnLoad = user => user != Alice ? Task.CompletedTask
            : throw (isCancelled ? new TaskCanceledException("a fault nobody foresaw") : new InvalidDataException("unreadable"));

        await PassAsync(200);

        _store.OnLoad = null;
        Assert.Equal(Start + Seconds(40), (await _instance.ViewAsync(Bob)).LastActiveAt);
        Assert.Equal(Start, (await _instance.ViewAsync(Alice)).LastActiveAt);
    }

    [Fact]
    public async Task OneWhoSignsOutWhileItIsBeingWrittenStaysOutAndWasSeenLastWhenLastActive()
    {
        await CallAsync(Alice);
        await PassAsync(40);
        await CallAsync(Alice);
        _clock.Advance(Seconds(200));
        var once = true;
        _store.OnCommit = async _ =>
        {
            if (once)
            {
                once = false;
                await _instance.ApplyAsync(Alice, new SignedOut());
            }
        };

        await WriteAsync();

        var view = await _instance.ViewAsync(Alice);
        Assert.Equal((PresenceStatus.Offline, Start + Seconds(40)), (view.Status, view.LastSeenAt));
    }

    [Fact]
    public async Task OneWhoCallsWhileItIsBeingWrittenIsWrittenOnce()
    {
        await CallAsync(Alice);
        await PassAsync(40);
        await CallAsync(Alice);
        _clock.Advance(Seconds(200));
        var once = true;
        _store.OnCommit = async _ =>
        {
            if (once)
            {
                once = false;
                await CallAsync(Alice);
            }
        };

        await WriteAsync();

        Assert.Equal((2, Start + Seconds(240)), (_store.Commits, (await _instance.ViewAsync(Alice)).LastActiveAt));
    }

    [Fact]
    public async Task ACallBetweenTheLoadAndTheWriteOfWhatIsHeldBackIsRecordedToo()
    {
        await CallAsync(Alice);
        await PassAsync(40);
        await CallAsync(Alice);
        _clock.Advance(Seconds(200));
        var once = true;
        _store.OnCommit = async _ =>
        {
            // The call has loaded and is about to write when what is held back gets there first.
            if (once)
            {
                once = false;
                await WriteAsync();
            }
        };

        await CallAsync(Alice);

        // What is recorded would lie too far behind it.
        Assert.Equal((3, Start + Seconds(240)), (_store.Commits, (await _instance.ViewAsync(Alice)).LastActiveAt));
        Assert.Null(_instance.Get<ActivityWindow>().LastHeld(Alice));
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private Instance Create() => Instance.OverMemory(_store, _clock, o => o.DefaultConversation = "");

    private async Task CallAsync(PresenceKey user) => await _instance.Recorder.RecordAsync(user, _clock.GetUtcNow());

    private Task<int> WriteAsync() => Writer.WriteAsync(all: false, Cancellation);

    /// <summary>Lets time pass, while the writer does its rounds.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _clock.Advance(Seconds(1));
            await WriteAsync();
        }
    }
}
