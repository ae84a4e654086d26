using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Stats;
using Presence.Core.TableStorage;
using Presence.Core.Truth;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Truth;

public sealed class TruthCheckTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FakeRealtimeService _realtime = new();
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task WhoIsShownAsItIsIsRight()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        await instance.ApplyAsync(Bob, new Activity(Some.Start));
        await instance.ApplyAsync(Guest, new Activity(Some.Start));
        await instance.ApplyAsync(Guest, new SignedOut());

        await CheckAsync(instance);

        Assert.Equal((1, 0, 0, 0), Here(instance));
        Assert.Equal((1, 0, 0, 0), Gone(instance));
        Assert.Equal((1, 0), (Unasked(instance, ShownAs.Here), Unasked(instance, ShownAs.Gone)));
    }

    [Fact]
    public async Task WhoIsHereByActivityAloneIsNotAskedForAndMakesNoRateBetter()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        await instance.ApplyAsync(Bob, new Activity(Some.Start));
        _realtime.Loses(Connection);
        await CheckAsync(instance);
        await PassAndCheckAsync(instance);
        await PassAndCheckAsync(instance);

        var stats = (await instance.Get<StatsReader>().ReadAsync(Cancellation)).Truth!;

        Assert.Equal((0, 1, 0.0), (stats.Right, stats.Wrong, stats.Rate));
        Assert.True(stats.Unasked >= 2, stats.ToString());
    }

    [Fact]
    public async Task AConnectionWhoseEndNobodyToldIsWrongOnceItLastsAndThenMended()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        _realtime.Loses(Connection);

        await CheckAsync(instance);
        Assert.Equal((0, 0, 0, 0), Here(instance));

        await PassAndCheckAsync(instance);

        Assert.Equal(1, Here(instance).Wrong);
        Assert.Empty((await instance.Store.LoadAsync(Alice, Cancellation)).Records.Connections.Open);
        Clock.Advance(Seconds(15));
        await instance.Sweep.RunAsync(Cancellation);
        Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(Alice)).Status);
        var kept = (await instance.Get<ITruthStore>().FindAsync(Cancellation))!.Record!;
        Assert.Equal((1, 0.0), (kept.CountsAt(Clock.GetUtcNow())!.Value.Wrong, TruthStats.Of(kept, Clock.GetUtcNow())!.Rate));
    }

    [Fact]
    public async Task WhoIsActiveAllTheTimeHidesNoLostConnection()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        _realtime.Loses(Connection);
        await CheckAsync(instance);
        Clock.Advance(Seconds(60));
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow(), Force: true));

        await CheckAsync(instance);

        Assert.Equal(1, Here(instance).Wrong);
    }

    [Fact]
    public async Task WhoIsActiveAllTheTimeLosesTheConnectionAndStays()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        _realtime.Loses(Connection);
        await CheckAsync(instance);
        Clock.Advance(Seconds(60));
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow(), Force: true));
        await CheckAsync(instance);

        Clock.Advance(Seconds(15));
        await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
        Assert.Empty((await instance.Store.LoadAsync(Alice, Cancellation)).Records.Connections.Open);
    }

    [Fact]
    public async Task WhatEndsBeforeItIsLookedAtAgainIsNotWrong()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        _realtime.Loses(Connection);
        await CheckAsync(instance);
        await instance.ApplyAsync(Alice, new Disconnected(Connection));

        await PassAndCheckAsync(instance);

        Assert.Equal((0, 1), (Here(instance).Wrong, Here(instance).Changing));
    }

    [Fact]
    public async Task WhoComesWhileTheServiceIsAskedIsChanging()
    {
        var instance = Start();
        await instance.ApplyAsync(Alice, new Activity(Some.Start));
        await instance.ApplyAsync(Alice, new SignedOut());
        _realtime.Has(Connection, Alice);
        Clock.Advance(Seconds(1));
        _realtime.OnCall = async what =>
        {
            if (what.StartsWith("connected", StringComparison.Ordinal))
            {
                await instance.ApplyAsync(Alice, new Connected(Connection, NegotiatedAt: Clock.GetUtcNow()));
            }
        };

        await CheckAsync(instance);

        Assert.Equal((0, 0, 1, 0), Gone(instance));
    }

    [Fact]
    public async Task WhoIsShownAsGoneAndConnectedAllTheTimeIsWrong()
    {
        var instance = Start();
        await instance.ApplyAsync(Alice, new Activity(Some.Start));
        await instance.ApplyAsync(Alice, new SignedOut());
        _realtime.Has(Connection, Alice);

        await CheckAsync(instance);
        await PassAndCheckAsync(instance);

        Assert.Equal(1, Gone(instance).Wrong);
    }

    [Fact]
    public async Task OfWhoIsInvisibleNobodyIsAsked()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        var calls = _realtime.Calls;

        await CheckAsync(instance);

        Assert.Equal(((0, 0, 0, 0), 1, calls), (Gone(instance), Unasked(instance, ShownAs.Gone), _realtime.Calls));
    }

    [Fact]
    public async Task WhileTheServiceIsAwayNobodyIsRight()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _realtime.OnCall = _ =>
        {
            asked.TrySetResult();
            throw new RealtimeUnavailableException("out of reach");
        };

        var check = instance.Get<TruthCheck>().RunAsync(Cancellation);
        await asked.Task;
        while (!check.IsCompleted)
        {
            Clock.Advance(Seconds(0.1));
            await Task.Yield();
        }

        await check;
        Assert.Equal((0, 0, 0, 1), Here(instance));
    }

    [Fact]
    public async Task AConnectionOfWhichTheServiceKnowsIsNotClosedWhateverItSaysOfTheUser()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        _realtime.Has(Connection, user: null);

        await CheckAsync(instance);
        await PassAndCheckAsync(instance);

        Assert.Equal((1, 0, 0, 0), Here(instance));
        Assert.Single((await instance.Store.LoadAsync(Alice, Cancellation)).Records.Connections.Open);
    }

    [Fact]
    public async Task NoFurtherConnectionIsAskedForOnceThereIsOne()
    {
        var instance = Start();
        for (var i = 0; i < 5; i++)
        {
            await ConnectAsync(instance, Alice, $"c{i}");
            _realtime.Loses($"c{i}");
        }

        await CheckAsync(instance);
        _realtime.Has("c1", user: null);
        var calls = _realtime.Calls;
        Clock.Advance(Seconds(25));

        await CheckAsync(instance);

        // The user, and two connections; and nobody else, since it is nobody's turn yet.
        Assert.Equal(((1, 0, 0, 0), 3), (Here(instance), _realtime.Calls - calls));
    }

    [Fact]
    public async Task WhatWasCountedIsNotLostWithAStorageThatDoesNotAnswer()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        await CheckAsync(instance);
        Clock.Advance(Seconds(60));
        _transport.OnRequest = request =>
        {
            if (FaultyTransport.IsWrite(request))
            {
                throw FaultyTransport.Lost();
            }
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => CheckAsync(instance));
        _transport.OnRequest = null;

        await CheckAsync(instance);

        var kept = (await instance.Get<ITruthStore>().FindAsync(Cancellation))!.Record!;
        Assert.Equal(1, kept.CountsAt(Clock.GetUtcNow())!.Value.Right);
    }

    [Fact]
    public async Task ATurnWhoseAnswerIsLostIsATurnAndCountsOnce()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        await CheckAsync(instance);
        Clock.Advance(Seconds(60));
        var lost = 0;
        _transport.OnResponse = (request, _) =>
        {
            if (FaultyTransport.IsWrite(request) && lost++ == 0)
            {
                throw FaultyTransport.Lost();
            }
        };

        await CheckAsync(instance);
        Assert.Equal(2, Here(instance).Right);
        await PassAndCheckAsync(instance);

        var kept = (await instance.Get<ITruthStore>().FindAsync(Cancellation))!.Record!;
        Assert.Equal(2, kept.CountsAt(Clock.GetUtcNow())!.Value.Right);
    }

    [Fact]
    public async Task StatsTellOfNoChecksADayAfterTheLast()
    {
        var instance = Start();
        await ConnectAsync(instance, Alice);
        await CheckAsync(instance);
        await PassAndCheckAsync(instance);

        Clock.Advance(TimeSpan.FromHours(24) - Seconds(1));
        Assert.NotNull((await instance.Get<StatsReader>().ReadAsync(Cancellation)).Truth);
        Clock.Advance(Seconds(1));
        Assert.Null((await instance.Get<StatsReader>().ReadAsync(Cancellation)).Truth);
    }

    [Fact]
    public async Task WhomNoSweepLooksAtIsWrong()
    {
        var instance = Start();
        await instance.ApplyAsync(Alice, new Activity(Some.Start));
        Clock.Advance(TimeSpan.FromMinutes(10));

        await CheckAsync(instance);
        await PassAndCheckAsync(instance);

        Assert.Equal(1, Here(instance).Wrong);
    }

    [Fact]
    public async Task OfSeveralInstancesOneChecksEachMinute()
    {
        var (one, two) = (Start(), Start());
        await ConnectAsync(one, Alice);

        await Task.WhenAll(CheckAsync(one), CheckAsync(two));
        Assert.Equal(1, Here(one).Right + Here(two).Right);

        Clock.Advance(Seconds(60));
        await CheckAsync(two);
        Assert.Equal(2, Here(one).Right + Here(two).Right);
    }

    [Fact]
    public async Task WithoutASampleNothingIsAsked()
    {
        var instance = Start(o => o.TruthSample = 0);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        _transport.Requests.Clear();

        await CheckAsync(instance);

        Assert.Empty(_transport.Requests);
    }

    [Fact]
    public async Task ACheckCostsTwoRequestsAndOneForEachSampleAndAtMostTwentyQuestionsToTheService()
    {
        var instance = Start();
        foreach (var user in Users(40))
        {
            await ConnectAsync(instance, user, user.Id);
        }

        foreach (var user in Users(20))
        {
            await instance.ApplyAsync(user, new SignedOut());
            _realtime.Loses(user.Id);
        }

        _transport.Requests.Clear();
        var calls = _realtime.Calls;

        await CheckAsync(instance);

        Assert.Equal(2 + 2, _transport.Requests.Count);
        Assert.Equal(20, _realtime.Calls - calls);
        Assert.Equal((10, 10), (Here(instance).Right, Gone(instance).Right));
    }

    [Fact]
    public async Task EverybodyHasATurn()
    {
        var instance = Start(o => o.TruthSample = 6);
        foreach (var user in Users(12))
        {
            await ConnectAsync(instance, user, user.Id);
            _realtime.Loses(user.Id);
        }

        // Three a minute, each of whom is found wrong a minute later, and leaves: some more than the four that it takes, for who is suspected is passed by.
        for (var minute = 0; minute < 30; minute++)
        {
            await PassAndCheckAsync(instance);
            await instance.Sweep.RunAsync(Cancellation);
        }

        Assert.Equal(12, Here(instance).Wrong);
    }

    /// <summary>With one shard: that of several is chosen by chance.</summary>
    private Instance Start(Action<PresenceOptions>? change = null) => Create(
        options =>
        {
            options.ShardCount = 1;
            change?.Invoke(options);
        },
        _transport,
        _realtime);

    private async Task ConnectAsync(Instance instance, PresenceKey user, string connection = Connection)
    {
        _realtime.Has(connection, user);
        await instance.ApplyAsync(user, new Connected(connection));
    }

    private static Task CheckAsync(Instance instance) => instance.Get<TruthCheck>().RunAsync(Cancellation);

    private Task PassAndCheckAsync(Instance instance)
    {
        Clock.Advance(Seconds(60));
        return CheckAsync(instance);
    }

    private static (int Right, int Wrong, int Changing, int Unchecked) Here(Instance instance) => Counts(instance, ShownAs.Here);

    private static (int Right, int Wrong, int Changing, int Unchecked) Gone(Instance instance) => Counts(instance, ShownAs.Gone);

    private static int Unasked(Instance instance, string shown) => (int)instance.Totals.ValueOf(MetricCatalogue.TruthChecks, shown, CheckOutcome.Unasked);

    private static (int Right, int Wrong, int Changing, int Unchecked) Counts(Instance instance, string shown)
    {
        var totals = instance.Totals;
        return (Count(CheckOutcome.Right), Count(CheckOutcome.Wrong), Count(CheckOutcome.Changing), Count(CheckOutcome.Unchecked));

        int Count(string outcome) => (int)totals.ValueOf(MetricCatalogue.TruthChecks, shown, outcome);
    }
}
