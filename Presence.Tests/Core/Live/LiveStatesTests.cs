using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Live;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Live;

public sealed class LiveStatesTests : IAsyncDisposable
{
    private static readonly TimeSpan Pace = Seconds(0.1);

    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly List<Instance> _instances = [];

    [Fact]
    public async Task AStateIsToldToItsConversationAtOnce()
    {
        var instance = await CreateAsync(Alice);

        var answered = await TellAsync(instance, Alice, """{"typing":true}""", ttl: 7.5);

        var message = Assert.Single(Told(instance));
        var state = Assert.IsType<LiveState>(message.Argument);
        Assert.Equal((ClientMethod.State, "conversation:team-1", answered), (message.Target, message.Group, state));
        Assert.Equal(
            (Conversation, "alice", false, """{"typing":true}""", 7.5, Start.ToUnixTimeMilliseconds()),
            (state.ConversationId, state.UserId, state.IsAnonymous, state.State.GetRawText(), state.TtlSeconds, state.Version));
        Assert.Equal(1, instance.Totals.ValueOf(MetricCatalogue.Messages, ClientMethod.State));
    }

    [Fact]
    public async Task AGuestMayAsWell()
    {
        var instance = await CreateAsync(Guest);

        await TellAsync(instance, Guest, "1");

        Assert.Equal(("anon:guest", true), (Shown(instance)[0].UserId, Shown(instance)[0].IsAnonymous));
    }

    [Fact]
    public async Task WhatFallsTogetherIsOneMessageAndOfOneMemberTheLastCounts()
    {
        var instance = await CreateAsync(Pace, Alice, Bob);
        await TellAsync(instance, Alice, "1");
        await TellAsync(instance, Alice, "2");
        await TellAsync(instance, Bob, "3");
        await TellAsync(instance, Alice, "4");
        _clock.Advance(Seconds(0.099));
        Assert.Equal("alice 1", Text(Shown(instance)));

        _clock.Advance(Seconds(0.001));
        await BecomesTrueAsync(() => Told(instance).Count == 2);

        Assert.Equal(ClientMethod.StateBatch, Told(instance)[1].Target);
        Assert.Equal("alice 1, alice 4, bob 3", Text(Shown(instance)));
    }

    [Fact]
    public async Task WhereItCannotBeFoundOutFromWhomOneIsHiddenTheOthersAreToldAllTheSame()
    {
        var carol = Users(1)[0];
        var instance = await CreateAsync(Pace, Alice, Bob, carol);
        await _instances[0].ApplyAsync(Alice, new Blocked(Guest, new(Guest, null, 0)));
        await _instances[0].ApplyAsync(Bob, new Blocked(carol, new(carol, null, 0)));
        await TellAsync(instance, carol, "1");
        _store.OnLoad = user => user == Guest ? throw new StoreUnavailableException("out of reach") : Task.CompletedTask;
        await TellAsync(instance, Alice, "2");
        await TellAsync(instance, Bob, "3");

        _clock.Advance(Pace);
        await BecomesTrueAsync(() => Told(instance).Count == 2);

        Assert.Equal($"{carol} 1, bob 3", Text(Shown(instance)));
    }

    [Fact]
    public async Task ACrowdIsToldOfInTenMessagesASecondAtMost()
    {
        var users = Users(30);
        var instance = await CreateAsync(Pace, users);
        for (var round = 1; round <= 10; round++)
        {
            foreach (var user in users)
            {
                await TellAsync(instance, user, $"{round}");
            }

            _clock.Advance(Seconds(0.1));
        }

        await BecomesTrueAsync(() =>
        {
            _clock.Advance(Pace);
            return Shown(instance).Where(s => s.State.GetInt32() == 10).Select(s => s.UserId).Distinct().Count() == users.Length;
        });

        // 300 states.
        Assert.InRange(Told(instance).Count, 2, 11);
        Assert.All(Shown(instance).GroupBy(s => s.UserId), ofOne => Assert.Equal(ofOne.OrderBy(s => s.Version), ofOne));
    }

    [Fact]
    public async Task ConversationsDoNotWaitForOneAnother()
    {
        var instance = await CreateAsync(Pace, Alice);
        await instance.ApplyAsync(Alice, new Joined("team-2"));

        await TellAsync(instance, Alice, "1");
        await TellAsync(instance, Alice, "2", "team-2");

        Assert.Equal(["conversation:team-1", "conversation:team-2"], Told(instance).Select(m => m.Group));
    }

    [Fact]
    public async Task TheEleventhInASecondIsRefusedWhereverItIsShown()
    {
        var instance = await CreateAsync(Alice, Bob);
        await instance.ApplyAsync(Alice, new Joined("team-2"));
        for (var i = 0; i < 10; i++)
        {
            await TellAsync(instance, Alice, "1", i % 2 == 0 ? Conversation : "team-2");
            _clock.Advance(Seconds(0.05));
        }

        var refused = await Assert.ThrowsAsync<RateLimitedException>(() => TellAsync(instance, Alice, "2"));

        Assert.Equal(Seconds(1), refused.RetryAfter);
        await TellAsync(instance, Bob, "3");
        _clock.Advance(Seconds(0.5));
        await TellAsync(instance, Alice, "4");
        Assert.Equal(12, Shown(instance).Count);
    }

    [Fact]
    public async Task AStrangerIsRefusedAndAsksTheStorageOnceIn5Seconds()
    {
        var instance = await CreateAsync(Alice);
        await instance.ApplyAsync(Bob, new Joined("team-2"));
        var loads = _store.Loads;

        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<ForbiddenException>(() => TellAsync(instance, Bob, "1"));
        }

        await Assert.ThrowsAsync<RateLimitedException>(() => TellAsync(instance, Bob, "1"));
        Assert.Equal(1, _store.Loads - loads);
        Assert.Empty(Told(instance));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoIsNotSeenIsAnsweredAlikeAndNotToldOf(bool isInvisible)
    {
        var instance = await CreateAsync(Alice);
        var seen = await TellAsync(instance, Alice, "1");
        await instance.ApplyAsync(Alice, isInvisible ? new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)) : new SignedOut());

        var unseen = await TellAsync(instance, Alice, "1");

        Assert.Equal(seen with { Version = seen.Version + 1 }, unseen with { State = seen.State });
        Assert.Single(Told(instance));
    }

    [Theory]
    [InlineData("invisible")]
    [InlineData("signed out")]
    [InlineData("out of the conversation")]
    public async Task WhatWaitsIsNotToldOfOneWhoIsSeenNoMore(string how)
    {
        var instance = await CreateAsync(Pace, Alice, Bob);
        await TellAsync(instance, Bob, "1");
        await TellAsync(instance, Alice, "2");
        await TellAsync(instance, Bob, "3");

        await instance.ApplyAsync(Alice, how switch
        {
            "invisible" => new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)),
            "signed out" => new SignedOut(),
            _ => new Left(Conversation),
        });
        _clock.Advance(Pace);
        await BecomesTrueAsync(() => Told(instance).Count == 2);

        Assert.Equal("bob 1, bob 3", Text(Shown(instance)));
    }

    [Fact]
    public async Task WhoIsTakenOutIsRefusedAtOnceHereAndWithin5SecondsElsewhere()
    {
        var (here, elsewhere) = (await CreateAsync(Alice), await CreateAsync(Alice));
        await TellAsync(here, Alice, "1");
        await TellAsync(elsewhere, Alice, "1");

        await here.ApplyAsync(Alice, new Left(Conversation));

        await Assert.ThrowsAsync<ForbiddenException>(() => TellAsync(here, Alice, "2"));
        _clock.Advance(LiveMembers.KnownFor);
        await Assert.ThrowsAsync<ForbiddenException>(() => TellAsync(elsewhere, Alice, "2"));
    }

    [Fact]
    public async Task WhoComesBackIsToldOfAtOnce()
    {
        var instance = await CreateAsync(Alice);
        await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        await TellAsync(instance, Alice, "1");

        await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, null));
        await TellAsync(instance, Alice, "2");

        Assert.Equal("alice 2", Text(Shown(instance)));
    }

    [Fact]
    public async Task AReadThatFailedIsMadeAgain()
    {
        var instance = await CreateAsync(Alice);
        _store.OnLoad = _ => throw new StoreUnavailableException("out of reach");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => TellAsync(instance, Alice, "1"));

        _store.OnLoad = null;
        await TellAsync(instance, Alice, "2");

        Assert.Equal("alice 2", Text(Shown(instance)));
    }

    [Fact]
    public async Task ASilentServiceIsNotTheCallersTrouble()
    {
        var instance = await CreateAsync(Alice);
        instance.Realtime.IsOutOfReach = true;

        await TellAsync(instance, Alice, "1");

        Assert.Empty(Told(instance));
    }

    [Fact]
    public async Task NumbersRiseWhicheverInstanceGivesThem()
    {
        var (first, second) = (await CreateAsync(Alice), await CreateAsync(Alice));

        var early = (await TellAsync(first, Alice, "1")).Version;
        var next = (await TellAsync(first, Alice, "2")).Version;
        _clock.Advance(Seconds(0.002));
        var late = (await TellAsync(second, Alice, "3")).Version;

        Assert.Equal((early + 1, early + 2), (next, late));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }
    }

    private static Task<LiveState> TellAsync(Instance instance, PresenceKey user, string state, string conversation = Conversation, double ttl = 10) =>
        instance.Get<LiveStates>().TellAsync(user, conversation, JsonElement.Parse(state), Seconds(ttl), TestContext.Current.CancellationToken);

    private static IReadOnlyList<FakeRealtimeService.Message> Told(Instance instance) =>
        [.. instance.Realtime.Sent.Where(m => m.Target is ClientMethod.State or ClientMethod.StateBatch)];

    private static IReadOnlyList<LiveState> Shown(Instance instance) =>
        [.. Told(instance).SelectMany(m => m.Argument as IEnumerable<LiveState> ?? [(LiveState)m.Argument])];

    private static string Text(IEnumerable<LiveState> states) => string.Join(", ", states.Select(s => $"{s.UserId} {s.State.GetRawText()}"));

    /// <summary>Who waits for the clock goes on a little after it.</summary>
    private static async Task BecomesTrueAsync(Func<bool> isTrue)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!isTrue())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<Instance> CreateAsync(params PresenceKey[] members) => CreateAsync(pace: default, members);

    /// <summary>An instance, with members who are here; nothing of their coming waits in it.</summary>
    private async Task<Instance> CreateAsync(TimeSpan pace, params PresenceKey[] members)
    {
        var (other, instance) = (Instance.OverMemory(_store, _clock), Instance.OverMemory(_store, _clock, pace: pace));
        _instances.AddRange([other, instance]);
        foreach (var member in members)
        {
            await other.ApplyAsync(member, new Joined(Conversation));
            await other.ApplyAsync(member, new Activity(Start));
        }

        return instance;
    }
}
