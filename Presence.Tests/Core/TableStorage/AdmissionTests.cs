using Presence.Core.Domain;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>A crowd in front of storage: who cannot be served at once waits for a turn, and not for a time-out.</summary>
public sealed class AdmissionTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private const int AtOnce = 32;
    private readonly FaultyTransport _transport = new();
    private int _now;
    private int _most;

    [Fact]
    public async Task OfACrowdSoManyAreServedAtOnceAndAllInTheEnd()
    {
        var instance = Create(transport: _transport);
        await instance.ViewAsync(Alice);
        var gate = new TaskCompletionSource();
        _transport.Answer = _ => new FakeResponse(404, """{"odata.error":{"code":"ResourceNotFound"}}""", ("x-ms-version", "2019-02-02"));
        _transport.Delay = async token =>
        {
            Enter();
            await gate.Task.WaitAsync(token);
            lock (_transport)
            {
                _now--;
            }
        };

        var crowd = Users(500).Select(instance.ViewAsync).ToList();
        Assert.Equal(AtOnce, _now);
        gate.SetResult();
        var views = await Task.WhenAll(crowd);

        Assert.Equal((500, AtOnce), (views.Length, _most));
    }

    [Fact]
    public async Task WhoseTurnDoesNotComeInTimeIsToldSoAndHoldsUpNobody()
    {
        var instance = Create(transport: _transport);
        await instance.ViewAsync(Alice);
        _transport.Delay = token => Task.Delay(Timeout.Infinite, token);
        _transport.Requests.Clear();

        var crowd = Users(500).Select(user => instance.ViewAsync(user)).ToList();

        // One that waits for long is sent a second time.
        Assert.Equal(AtOnce, _transport.Requests.Distinct().Count());
        Clock.Advance(Seconds(4.5));
        foreach (var call in crowd)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        }

        _transport.Delay = null;
        Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(Bob)).Status);
    }

    [Fact]
    public async Task WhoeverGetsATurnHasTimeLeftForATry()
    {
        var instance = Create(transport: _transport);
        await instance.ViewAsync(Alice);
        var gate = new TaskCompletionSource();
        _transport.Delay = _ => gate.Task;
        var served = Users(AtOnce).Select(instance.ViewAsync).ToList();
        var waiting = Users(AtOnce + 8)[AtOnce..].Select(instance.ViewAsync).ToList();

        Clock.Advance(Seconds(4.5 * 0.55));

        foreach (var call in waiting)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        }

        Assert.DoesNotContain(served, call => call.IsCompleted);
        _transport.Answer = _ => new FakeResponse(404, """{"odata.error":{"code":"ResourceNotFound"}}""");
        gate.SetResult();
        await Task.WhenAny(Task.WhenAll(served));
    }

    [Fact]
    public async Task WhileCallsWaitTheSweepGoesOn()
    {
        var instance = Create(o => o.ShardCount = 2, _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(TimeSpan.FromMinutes(6));
        var gate = new TaskCompletionSource();
        var held = 0;
        _transport.Delay = token => Interlocked.Increment(ref held) <= AtOnce ? gate.Task.WaitAsync(token) : Task.CompletedTask;
        var crowd = Users(AtOnce).Select(instance.ViewAsync).ToList();

        var due = await instance.DueStore.DueAsync(0, Clock.GetUtcNow(), Cancellation).CountAsync(Cancellation)
            + await instance.DueStore.DueAsync(1, Clock.GetUtcNow(), Cancellation).CountAsync(Cancellation);

        Assert.Equal(1, due);
        gate.SetResult();
        await Task.WhenAll(crowd);
    }

    [Fact]
    public async Task WhatASweepWritesWaitsBehindNoCrowd()
    {
        const int scansAtOnce = 16;
        var instance = Create(o => o.ShardCount = 1, _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        var before = await instance.Store.LoadAsync(Alice, Cancellation);
        var after = before.Records with { Online = before.Records.Online! with { DueAt = Start + Seconds(1), WriteId = "sweep" } };
        var (gate, isFree) = (new TaskCompletionSource(), new AsyncLocal<bool>());
        _transport.Delay = _ => isFree.Value ? Task.CompletedTask : gate.Task;
        var crowd = Users(AtOnce).Select(instance.ViewAsync).ToList();
        var scans = Enumerable.Range(0, scansAtOnce)
            .Select(_ => instance.DueStore.DueAsync(0, Start, Cancellation).CountAsync(Cancellation).AsTask()).ToList();
        isFree.Value = true;

        var results = await instance.Store.CommitManyAsync([new(before, after, null)], Cancellation)
            .ToListAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

        Assert.Equal([(0, CommitResult.Made)], results);
        Assert.DoesNotContain(crowd, call => call.IsCompleted);
        Assert.DoesNotContain(scans, scan => scan.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(crowd);
        await Task.WhenAll(scans);
    }

    private void Enter()
    {
        lock (_transport)
        {
            _most = Math.Max(_most, ++_now);
        }
    }
}
