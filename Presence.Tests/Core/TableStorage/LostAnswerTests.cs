using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rules;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>Storage applies a write, and its answer is lost on the way.</summary>
public sealed class LostAnswerTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ARetryThatMeetsItsOwnFirstWriteIsOneTransition()
    {
        var instance = await OpenAsync();
        LoseAnswers(1);

        var change = await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal((Outcome.Applied, 2), (change.Outcome, Transactions()));
        Assert.Equal(change.After.ViewOf(Alice), Assert.Single(instance.Realtime.Told));
        await AssertNothingMoreIsToldAsync(instance);
    }

    [Fact]
    public async Task ARetryThatMeetsItsOwnReturnOfAKnownUserIsOneTransition()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        await instance.ApplyAsync(Alice, new SignedOut());
        Clock.Advance(Seconds(1));
        LoseAnswers(1);

        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));

        Assert.Equal([PresenceStatus.Online, PresenceStatus.Offline, PresenceStatus.Online], instance.Realtime.Told.Select(v => v.Status));
        await AssertNothingMoreIsToldAsync(instance);
    }

    [Fact]
    public async Task ARetryThatMeetsItsOwnLeavingIsOneTransition()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        LoseAnswers(1);

        await instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal([PresenceStatus.Online, PresenceStatus.Offline], instance.Realtime.Told.Select(v => v.Status));
        await AssertNothingMoreIsToldAsync(instance);
    }

    [Fact]
    public async Task ARetryThatMeetsItsOwnTombstoneIsOneErasure()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        await instance.ApplyAsync(Alice, new Erased());
        LoseAnswers(1);

        var change = await instance.ApplyAsync(Alice, new Erased());

        // It owes nothing.
        Assert.Equal((Outcome.Applied, 2), (change.Outcome, Transactions() + 2));
        Assert.NotNull(change.After.Profile!.ErasedAt);
    }

    [Fact]
    public async Task ARetryThatMeetsItsOwnUpdateIsRecordedOnce()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(Seconds(65));
        LoseAnswers(1);

        var change = await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));

        Assert.Equal((Outcome.Applied, 2), (change.Outcome, Writes()));
        Assert.Single(instance.Realtime.Told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenBothTriesAreLostTheSweepTellsUnderTheVersionOfTheWrite(bool byAnother)
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        LoseAnswers(2);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new SignedOut()));
        var sweeper = byAnother ? Create() : instance;
        var before = sweeper.Realtime.Told.Count;

        await sweeper.Sweep.RunAsync(Cancellation);
        Assert.Equal(before, sweeper.Realtime.Told.Count);
        Clock.Advance(Seconds(8));
        var report = await sweeper.Sweep.RunAsync(Cancellation);

        Assert.Equal((1, 0), (report.Duties, report.DutiesLeft));
        Assert.Equal(before + 1, sweeper.Realtime.Told.Count);
        Assert.Equal(await instance.ViewAsync(Alice), sweeper.Realtime.Told[^1]);
        await AssertNothingMoreIsToldAsync(sweeper);
    }

    [Fact]
    public async Task WhenBothTriesNeverArrivedTheNextEventAnnouncesOnlyItself()
    {
        var instance = await OpenAsync();
        _transport.OnRequest = request => Throw(FaultyTransport.IsWrite(request));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        _transport.OnRequest = null;

        await instance.ApplyAsync(Alice, new Activity(Start));
        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Single(instance.Realtime.Told);
        await AssertNothingMoreIsToldAsync(instance);
    }

    [Fact]
    public async Task ALostAnswerInASweepIsOneTransition()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(TimeSpan.FromMinutes(5));
        LoseAnswers(1);

        var report = await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal((1, 0), (report.Transitions, report.FailedShards));
        Assert.Equal([PresenceStatus.Online, PresenceStatus.Offline], instance.Realtime.Told.Select(v => v.Status));
    }

    [Fact]
    public async Task WhenTheCrossingOutIsLostTheSweepFindsNothingOrTellsTheSameAgain()
    {
        var instance = await OpenAsync();
        var lost = 0;
        _transport.OnResponse = (request, _) => Throw(FaultyTransport.IsWrite(request) && ++lost is 3 or 4);

        await instance.ApplyAsync(Alice, new Activity(Start));

        // The retry met its own deletion, which is as good as done.
        await AssertNothingMoreIsToldAsync(instance);
    }

    [Fact]
    public async Task ALostAnswerWhileOpeningIsNoMismatch()
    {
        var lost = 0;
        _transport.OnResponse = (request, _) => Throw(request.Method != Azure.Core.RequestMethod.Get && lost++ < 1);

        await Create(transport: _transport).Get<PresenceTable>().OpenAsync(Cancellation);
    }

    private async Task<Instance> OpenAsync()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        return instance;
    }

    private void LoseAnswers(int count)
    {
        _transport.Requests.Clear();
        var lost = 0;
        _transport.OnResponse = (request, _) => Throw(FaultyTransport.IsWrite(request) && lost++ < count);
    }

    private int Writes() => _transport.Requests.Count(r => !r.StartsWith("GET", StringComparison.Ordinal));

    /// <summary>The roster and the crossing out are two as well, the last.</summary>
    private int Transactions() => _transport.Requests.Count(r => r.EndsWith("$batch", StringComparison.Ordinal)) - 2;

    private async Task AssertNothingMoreIsToldAsync(Instance instance)
    {
        var told = instance.Realtime.Told.Count;
        Clock.Advance(Seconds(8));
        var report = await instance.Sweep.RunAsync(Cancellation);
        Assert.Equal((0, told), (report.Duties, instance.Realtime.Told.Count));
    }

    private static void Throw(bool lose)
    {
        if (lose)
        {
            throw FaultyTransport.Lost();
        }
    }
}
