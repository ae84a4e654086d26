using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>A sweep changes the users of a shard together, and what goes wrong with one of them takes no other along.</summary>
public sealed class SweepTransactionTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task FortyWhoAreDueAreTwoTransactions()
    {
        var instance = await DueAsync(40);

        Assert.Equal(40, (await SweepAsync(instance)).Transitions);

        Assert.Equal([25, 15], ChangesOfUsers());
        await AssertAllToldOnceAsync(instance, 40);
    }

    [Fact]
    public async Task OneWhoComesBackMeanwhileStaysAndTheOthersGo()
    {
        var instance = await DueAsync(10);
        var other = Create(o => o.ShardCount = 1);
        await other.Store.LoadAsync(Alice, Cancellation);
        var isBack = false;
        _transport.OnRequest = request =>
        {
            if (!isBack && request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))
            {
                isBack = true;
                other.ApplyAsync(Users(10)[3], new Activity(Clock.GetUtcNow())).Wait();
            }
        };

        var report = await SweepAsync(instance);

        Assert.Equal((9, 0), (report.Transitions, report.FailedShards));
        Assert.Equal([10, 9], ChangesOfUsers());
        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Users(10)[3])).Status);
    }

    [Fact]
    public async Task AnAnswerThatIsLostIsNotTakenForAConflict()
    {
        var instance = await DueAsync(10);
        var isLost = false;
        _transport.OnResponse = (request, _) =>
        {
            if (!isLost && request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))
            {
                isLost = true;
                throw FaultyTransport.Lost();
            }
        };

        Assert.Equal(10, (await SweepAsync(instance)).Transitions);

        await AssertAllToldOnceAsync(instance, 10);
    }

    [Fact]
    public async Task WhatGetsNoAnswerAtAllIsToldByTheNextSweep()
    {
        var instance = await DueAsync(10);
        _transport.OnResponse = (request, _) =>
        {
            if (request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))
            {
                throw FaultyTransport.Lost();
            }
        };
        _transport.Answer = request => _transport.Batches.Count > 1 ? new FakeResponse(503) : null;
        var report = await SweepAsync(instance);
        Assert.Equal((0, 1), (report.Transitions, report.FailedShards));
        (_transport.OnResponse, _transport.Answer) = (null, null);
        Clock.Advance(Seconds(15));

        await SweepAsync(instance);

        await AssertAllToldOnceAsync(instance, 10);
    }

    [Fact]
    public async Task WhereTheServiceRefusesThemTogetherEachIsWrittenByItself()
    {
        var instance = await DueAsync(10);
        _transport.Answer = request => request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) && _transport.Batches.Last().Count > 10
            ? new FakeResponse(400)
            : null;

        Assert.Equal(10, (await SweepAsync(instance)).Transitions);

        await AssertAllToldOnceAsync(instance, 10);
    }

    /// <summary>How many users each transaction has changed.</summary>
    private IEnumerable<int> ChangesOfUsers() => _transport.Batches
        .Select(rows => rows.Count(row => row.StartsWith(TableKeys.OnlinePrefix, StringComparison.Ordinal)))
        .Where(users => users > 0);

    private async Task AssertAllToldOnceAsync(Instance instance, int users)
    {
        var told = instance.Realtime.Told.Where(v => v.Status == PresenceStatus.Offline).ToList();
        Assert.Equal((users, users), (told.Count, told.Select(v => v.UserId).Distinct().Count()));
        foreach (var user in Users(users))
        {
            Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(user)).Status);
        }

        Assert.Empty(await instance.DueStore.DueAsync(0, Clock.GetUtcNow() + TimeSpan.FromDays(1), Cancellation).ToListAsync(Cancellation));
    }

    private Task<SweepReport> SweepAsync(Instance instance) => Clock.RunAsync(instance.Sweep.RunAsync(Cancellation));

    /// <summary>An instance with so many users in one shard, all of whom are due.</summary>
    private async Task<Instance> DueAsync(int users)
    {
        var instance = Create(o => o.ShardCount = 1, _transport);
        foreach (var user in Users(users))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Clock.Advance(TimeSpan.FromMinutes(5));
        _transport.Batches.Clear();
        return instance;
    }
}
