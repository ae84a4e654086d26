using Presence.Core.Domain;
using Presence.Core.Metrics;
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

        Assert.Equal((Outcome.Applied, 2), (change.Outcome, Writes()));
        Assert.Single(change.Transitions);
        Assert.Empty((await instance.ApplyAsync(Alice, new Activity(Start))).Transitions);
    }

    [Fact]
    public async Task ARetryThatMeetsItsOwnReturnOfAKnownUserIsOneTransition()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        await instance.ApplyAsync(Alice, new SignedOut());
        Clock.Advance(Seconds(1));
        LoseAnswers(1);

        Assert.Single((await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()))).Transitions);
    }

    [Fact]
    public async Task ARetryThatMeetsItsOwnLeavingIsOneTransition()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        LoseAnswers(1);

        var change = await instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal(PresenceStatus.Offline, Assert.Single(change.Transitions).View.Status);
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
        Assert.Empty(change.Transitions);
    }

    [Fact]
    public async Task WhenBothTriesAreLostTheNextEventAnnounces()
    {
        var instance = await OpenAsync();
        LoseAnswers(2);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        Assert.Equal((1, 0), Announcements());

        var next = await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal((Outcome.Throttled, PresenceStatus.Online), (next.Outcome, Assert.Single(next.Transitions).View.Status));
        Assert.Equal((0, 1), Announcements());

        (double Pending, double Made) Announcements() => (
            instance.Totals.ValueOf(MetricCatalogue.PendingAnnouncements), instance.Totals.ValueOf(MetricCatalogue.Transitions, "online"));
        Assert.Empty((await instance.ApplyAsync(Alice, new Activity(Start))).Transitions);
    }

    [Fact]
    public async Task AChangeNobodyAsksAboutIsAnnouncedWhenTheInstanceLooksAgain()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        LoseAnswers(2);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new SignedOut()));

        var settled = Assert.Single(await instance.Engine.SettleAsync());

        Assert.Equal((Alice, PresenceStatus.Offline), (settled.User, settled.View.Status));
        Assert.Equal((0, 1), (Pending(instance), instance.Totals.ValueOf(MetricCatalogue.Transitions, "offline")));
        Assert.Empty(await instance.Engine.SettleAsync());
    }

    [Fact]
    public async Task ALookAgainCostsNothingWithoutReasonAndIsNotTakenTwiceWithinTenSeconds()
    {
        var instance = await OpenAsync();
        var opened = _transport.Requests.Count;
        await instance.Engine.SettleAsync();
        Assert.Equal(opened, _transport.Requests.Count);

        _transport.OnRequest = request => _ = FaultyTransport.IsWrite(request) ? throw FaultyTransport.Lost() : 0;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        _transport.OnRequest = null;
        var before = _transport.Requests.Count;

        Assert.Empty(await instance.Engine.SettleAsync());
        Assert.Equal(before + 2, _transport.Requests.Count);
        Assert.Empty(await instance.Engine.SettleAsync());
        Assert.Equal(before + 2, _transport.Requests.Count);
        Assert.Equal(1, Pending(instance));
    }

    [Fact]
    public async Task AWriteThatCanNoLongerArriveIsForgotten()
    {
        var instance = await OpenAsync();
        _transport.OnRequest = request => _ = FaultyTransport.IsWrite(request) ? throw FaultyTransport.Lost() : 0;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        _transport.OnRequest = null;

        Clock.Advance(Seconds(60));
        await instance.Engine.SettleAsync();
        Assert.Equal(1, Pending(instance));
        Clock.Advance(Seconds(10));
        Assert.Empty(await instance.Engine.SettleAsync());
        Assert.Equal(0, Pending(instance));
    }

    [Fact]
    public async Task WhileStorageIsStillOutOfReachTheLookIsTakenAgainLater()
    {
        var instance = await OpenAsync();
        LoseAnswers(2);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        _transport.OnRequest = _ => throw FaultyTransport.Lost();

        Assert.Empty(await instance.Engine.SettleAsync());
        _transport.OnRequest = null;
        Clock.Advance(Seconds(10));
        Assert.Single(await instance.Engine.SettleAsync());
    }

    [Fact]
    public async Task WhenBothTriesNeverArrivedTheNextEventAnnouncesOnlyItself()
    {
        var instance = await OpenAsync();
        _transport.OnRequest = request => Throw(FaultyTransport.IsWrite(request));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        _transport.OnRequest = null;

        Assert.Single((await instance.ApplyAsync(Alice, new Activity(Start))).Transitions);
        Assert.Empty((await instance.ApplyAsync(Alice, new Activity(Start))).Transitions);
    }

    [Fact]
    public async Task ALostAnswerInASweepIsOneTransition()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(TimeSpan.FromMinutes(5));
        LoseAnswers(1);

        var report = await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal((1, 0), (report.Transitions.Length, report.FailedShards));
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

    private static double Pending(Instance instance) => instance.Totals.ValueOf(MetricCatalogue.PendingAnnouncements);

    private static void Throw(bool lose)
    {
        if (lose)
        {
            throw FaultyTransport.Lost();
        }
    }
}
