using Presence.Core.Domain;
using Presence.Core.TableStorage;
using Presence.Tests.Infra;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>How many rows of a shard's partition a session reads and writes, without the roster that it is welcomed with: as docs/scale.md counts.</summary>
public sealed class RowCountTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ASessionTakesAsManyRowsAsTheSimulationCounts()
    {
        var constants = CostDocument.Read("scale.md").Constants;
        var instance = Create(o => o.ShardCount = 1, _transport);
        await ComeAsync(instance, OtherConnection);
        await LeaveAsync(instance, OtherConnection);

        Assert.Equal(constants["comingRows"], await RowsAsync(() => ComeAsync(instance, Connection)));
        Assert.Equal(constants["turnRows"], await RowsAsync(() => TurnAwayAndComeBackAsync(instance)));
        Assert.Equal(constants["leavingRows"], await RowsAsync(() => LeaveAsync(instance, Connection)));
    }

    /// <summary>Negotiates, and connects on another instance.</summary>
    private static async Task ComeAsync(Instance instance, string connection)
    {
        await instance.Store.LoadComingAsync(Alice, Cancellation);
        var known = await instance.Store.LoadComingAsync(Alice, Cancellation);
        Assert.Equal(PresenceStatus.Online, (await instance.Engine.ApplyAsync(Alice, new Connected(connection), Cancellation, known)).After.Status);
    }

    private async Task TurnAwayAndComeBackAsync(Instance instance)
    {
        // A window longer than AwayAfter: there was no sweep for so long that everybody is given one more.
        Clock.Advance(TimeSpan.FromMinutes(5) + Seconds(65));
        Assert.Equal(1, (await instance.Sweep.RunAsync(Cancellation)).Transitions);
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
    }

    /// <summary>What the window held back, the end of the connection, and the sweep after it.</summary>
    private async Task LeaveAsync(Instance instance, string connection)
    {
        Clock.Advance(Seconds(20));
        await instance.ApplyAsync(Alice, new HeldActivity(Clock.GetUtcNow()));
        await instance.ApplyAsync(Alice, new Disconnected(connection));
        Clock.Advance(Seconds(10));
        Assert.Equal(1, (await instance.Sweep.RunAsync(Cancellation)).Transitions);
        Clock.Advance(Seconds(5));
    }

    private async Task<int> RowsAsync(Func<Task> what)
    {
        _transport.Requests.Clear();
        _transport.Batches.Clear();
        await what();
        var single = _transport.Requests.Count(request =>
            !request.Contains($"'{TableKeys.MetaPartition}'", StringComparison.Ordinal)
            && !request.Contains(TableKeys.RosterPrefix, StringComparison.Ordinal)
            && !request.EndsWith("$batch", StringComparison.Ordinal));
        return single + _transport.Batches.Sum(rows => rows.Count(row => TableKeys.KindOf(row) is not (TableKeys.RosterPrefix or TableKeys.GonePrefix)));
    }
}
