using Presence.Core.Domain;
using Presence.Core.Maintenance;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What each call costs in requests to storage.</summary>
public sealed class RequestCountTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ThrottledActivityCostsNothing()
    {
        var instance = await OpenAsync();
        await instance.Recorder.RecordAsync(Alice, Start);

        Assert.Equal(0, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Start).AsTask()));
    }

    [Fact]
    public async Task TheFirstActivityCostsTwoReadsAndOneTransaction()
    {
        var instance = await OpenAsync();

        Assert.Equal(3, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Start).AsTask()));
    }

    [Fact]
    public async Task ActivityAfterTheWindowCostsOneReadAndOneWrite()
    {
        var instance = await OpenAsync();
        await instance.Recorder.RecordAsync(Alice, Start);
        Clock.Advance(Seconds(65));

        Assert.Equal(2, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Clock.GetUtcNow()).AsTask()));
    }

    [Fact]
    public async Task ActivityThrottledByAnotherInstanceCostsOneRead()
    {
        await Create().Recorder.RecordAsync(Alice, Start);
        var instance = await OpenAsync();

        Assert.Equal(1, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Start).AsTask()));
    }

    [Fact]
    public async Task AConnectionOfOneWhoIsHereCostsOneReadAndOneWriteToOpenAndToClose()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(2, await CostAsync(() => instance.ApplyAsync(Alice, new Connected(Connection))));
        Assert.Equal(2, await CostAsync(() => instance.ApplyAsync(Alice, new Disconnected(Connection))));
    }

    [Fact]
    public async Task AnErasureCostsTheSameHoweverManyUsersOtherShardsHold()
    {
        var instance = await OpenAsync();
        foreach (var user in Users(9).Append(Alice))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        // Sessions, four looks for rows and one at the user; leaving is a read and a write, being forgotten four reads and a write.
        Assert.Equal(13, await CostAsync(() => instance.Get<Erasure>().EraseAsync(Alice, _ => { }, Cancellation)));
        Assert.DoesNotContain(_transport.Requests, r => r.Contains("PartitionKey eq", StringComparison.Ordinal) && !r.Contains(Shard(Alice), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task ASweepCostsAQueryPerShardAWritePerUserDueAndItsReport(int due)
    {
        var instance = await OpenAsync();
        foreach (var user in Users(due))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Clock.Advance(TimeSpan.FromMinutes(5));
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
        SweepReport? report = null;

        var cost = await CostAsync(async () => report = await instance.Sweep.RunAsync(Cancellation));

        Assert.Equal((4 + due + 1, due), (cost, report!.Transitions.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task ACensusCostsAQueryPerShardAndItsRow(int online)
    {
        var instance = await OpenAsync();
        foreach (var user in Users(online))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Assert.Equal(4 + 1, await CostAsync(() => instance.Get<CensusTaker>().TakeAsync(Cancellation)));
    }

    [Fact]
    public async Task ARosterCostsAQueryPerShard()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(4, await CostAsync(() => instance.Rosters.ReadAsync("lobby", Cancellation)));
    }

    private static string Shard(PresenceKey user) => $"PartitionKey eq '{TableKeys.Partition(TableKeys.Shard(user, 4))}'";

    private async Task<Instance> OpenAsync()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        return instance;
    }

    private async Task<int> CostAsync(Func<Task> call)
    {
        _transport.Requests.Clear();
        await call();
        return _transport.Requests.Count;
    }
}
