using Microsoft.Extensions.Time.Testing;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

/// <summary>Conversations of more than five members are large here.</summary>
public sealed class CountMessagesTests : IAsyncDisposable
{
    private const string Group = "conversation:" + Conversation;

    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly List<Instance> _instances = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the conversation was told, but for who has joined it.</summary>
    private IReadOnlyList<FakeRealtimeService.Message> Told => [.. _realtime.Sent.Where(m => m.Group == Group && m.Views.All(v => v.Joined is null))];

    [Fact]
    public async Task BelowTheLineNamesAreToldAndAboveItCounts()
    {
        var (instance, users) = await CreateAsync(members: 5);
        await instance.ApplyAsync(users[0], new Activity(Start));
        Assert.Equal([ClientMethod.UserStatus], Told.Select(m => m.Target));

        await instance.ApplyAsync(Alice, new Joined(Conversation));
        await ToldAsync(2);
        var mode = Assert.IsType<ModeMessage>(Told[1].Argument);
        Assert.Equal((ClientMethod.Mode, Conversation, "counts", new Occupancy(6, 1, 0)), (Told[1].Target, mode.ConversationId, mode.Mode, mode.Occupancy));

        await instance.ApplyAsync(users[1], new Activity(Start));
        _clock.Advance(Seconds(1));
        await ToldAsync(3);
        var counts = Assert.IsType<CountsMessage>(Told[2].Argument);
        Assert.Equal((ClientMethod.Counts, Conversation, 6, 2, 0), (Told[2].Target, counts.ConversationId, counts.Members, counts.Online, counts.Away));
        Assert.Equal((await ReadAsync(instance)).Version.ToString(), counts.Version);
        Assert.NotEqual(mode.Version, counts.Version);
    }

    [Fact]
    public async Task TheWayBackIsToldBelowNineTenths()
    {
        var (instance, users) = await CreateAsync(members: 6);
        await ToldAsync(1);
        await instance.ApplyAsync(users[0], new Left(Conversation));
        _clock.Advance(Seconds(1));
        await ToldAsync(2);
        Assert.Equal(5, Assert.IsType<CountsMessage>(Told[1].Argument).Members);

        await instance.ApplyAsync(users[1], new Left(Conversation));
        _clock.Advance(Seconds(1));
        await ToldAsync(3);
        Assert.Equal(("names", 4), (Assert.IsType<ModeMessage>(Told[2].Argument).Mode, ((ModeMessage)Told[2].Argument).Occupancy.Members));

        await instance.ApplyAsync(users[2], new Activity(Start));
        Assert.Equal(ClientMethod.UserStatus, Told[^1].Target);
        Assert.False((await ReadAsync(instance)).IsLarge);
    }

    [Fact]
    public async Task TwoHundredChangesInTenSecondsAreElevenMessagesAndElevenRequestsAndTheLastCountIsTold()
    {
        var (instance, users) = await CreateAsync(members: 10);
        await ToldAsync(1);
        _clock.Advance(Seconds(1));
        await RestAsync();
        var scans = _store.Scans;
        for (var i = 0; i < 200; i++)
        {
            await instance.ApplyAsync(users[i % 10], i / 10 % 2 == 0 ? new Activity(_clock.GetUtcNow()) : new SignedOut());
            _clock.Advance(Seconds(0.05));
            await RestAsync();
        }

        await instance.ApplyAsync(users[0], new Activity(_clock.GetUtcNow()));
        await BecomesTrueAsync(() =>
        {
            _clock.Advance(Seconds(0.05));
            return Told[^1].Argument is CountsMessage { Online: 1 };
        });
        _clock.Advance(Seconds(5));
        await RestAsync();

        Assert.All(Told.Skip(1), m => Assert.Equal(ClientMethod.Counts, m.Target));
        Assert.InRange(Told.Count - 1, 2, 12);
        Assert.InRange(_store.Scans - scans, 2, 12);
    }

    [Fact]
    public async Task WhereNothingChangedNothingIsTold()
    {
        var (instance, _) = await CreateAsync(members: 6);
        await ToldAsync(1);
        _clock.Advance(Seconds(1));

        // A duty that is done again writes nothing, for the roster says it already.
        instance.Rosters.Sizes.Wrote(Conversation, 1, 0);
        await RestAsync();
        _clock.Advance(Seconds(5));
        await RestAsync();

        Assert.Single(Told);
    }

    [Fact]
    public async Task WhatCouldNotBeToldIsToldLater()
    {
        var (instance, users) = await CreateAsync(members: 6);
        await ToldAsync(1);
        _clock.Advance(Seconds(1));
        await RestAsync();
        _store.OnScan = _ => throw new StoreUnavailableException("out of reach");
        await instance.ApplyAsync(users[0], new Activity(Start));
        await RestAsync();
        _store.OnScan = null;

        await BecomesTrueAsync(() =>
        {
            _clock.Advance(Seconds(0.5));
            return Told.Count == 2;
        });
        Assert.Equal(1, Assert.IsType<CountsMessage>(Told[1].Argument).Online);
    }

    [Fact]
    public async Task WhoWatchesIsToldNamesInAnyCase()
    {
        var (instance, users) = await CreateAsync(members: 6);
        await instance.ApplyAsync(users[0], new Watched());

        await instance.ApplyAsync(users[0], new Activity(Start));

        Assert.Equal([users[0].ToString()], _realtime.ToldTo(GroupName.Watching(users[0], Conversation)).Select(v => v.UserId));
        Assert.Empty(Told.SelectMany(m => m.Views));
    }

    [Fact]
    public async Task OtherConversationsOfTheUserAreToldNames()
    {
        var (instance, users) = await CreateAsync(members: 6);
        await instance.ApplyAsync(users[0], new Joined("small"));

        await instance.ApplyAsync(users[0], new Activity(Start));

        Assert.Equal([users[0].ToString()], _realtime.ToldTo("conversation:small").Where(v => v.IsOnline).Select(v => v.UserId));
        Assert.Empty(Told.SelectMany(m => m.Views));
    }

    [Fact]
    public async Task TwoInstancesTellOneMessageASecondEach()
    {
        var (first, users) = await CreateAsync(members: 8);
        var second = Create();
        await ReadAsync(second);
        await ToldAsync(2);
        Assert.All(Told, m => Assert.Equal("counts", ((ModeMessage)m.Argument).Mode));
        _clock.Advance(Seconds(1));
        await RestAsync();

        for (var i = 0; i < 40; i++)
        {
            await (i % 2 == 0 ? first : second).ApplyAsync(users[i % 8], i / 8 % 2 == 0 ? new Activity(_clock.GetUtcNow()) : new SignedOut());
            _clock.Advance(Seconds(0.1));
            await RestAsync();
        }

        _clock.Advance(Seconds(2));
        await RestAsync();

        // 4 s, and the last.
        Assert.InRange(Told.Count - 2, 2, 12);
    }

    [Fact]
    public async Task AnInstanceThatDoesNotKnowTheSizeTellsNineNamesAMinuteAtMostAndThenReadsOnce()
    {
        var (_, users) = await CreateAsync(members: 10);
        var other = Create();
        await ToldAsync(1);
        var scans = _store.Scans;
        for (var i = 0; i < 20; i++)
        {
            await other.ApplyAsync(users[i % 10], i < 10 ? new Activity(_clock.GetUtcNow()) : new SignedOut());
            await RestAsync();
        }

        Assert.InRange(Told.Count(m => m.Target == ClientMethod.UserStatus), 9, 10);
        Assert.InRange(_store.Scans - scans, 1, 3);
        Assert.Equal("counts", Told.Select(m => m.Argument).OfType<ModeMessage>().Last().Mode);
    }

    [Fact]
    public async Task OfASmallConversationNoRosterIsReadForNews()
    {
        var users = Users(3);
        var instance = Create();
        foreach (var user in users)
        {
            await instance.ApplyAsync(user, new Joined(Conversation));
        }

        await ReadAsync(instance);
        var scans = _store.Scans;
        for (var i = 0; i < 100; i++)
        {
            await instance.ApplyAsync(users[i % 3], i / 3 % 2 == 0 ? new Activity(_clock.GetUtcNow()) : new SignedOut());
            _clock.Advance(Seconds(2.9));
        }

        Assert.Equal(100, Told.SelectMany(m => m.Views).Count());

        // Known for 30 s, for it is nearer to the line than half; then one read in ten writes.
        Assert.InRange(_store.Scans - scans, 1, 10);
    }

    [Fact]
    public async Task ALargeConversationIsToldMoreSlowlyTheMoreRequestsItTakesToReadIt()
    {
        var (instance, users) = await CreateAsync(members: 2_500);
        await ToldAsync(1);
        await BecomesTrueAsync(() =>
        {
            _clock.Advance(Seconds(0.5));
            return _realtime.Sent.Last(m => m.Group == Group).Argument is ModeMessage;
        });
        _clock.Advance(Seconds(3));
        await RestAsync();
        var told = Told.Count;
        for (var i = 0; i < 60; i++)
        {
            await instance.ApplyAsync(users[i], new Activity(_clock.GetUtcNow()));
            _clock.Advance(Seconds(0.5));
            await RestAsync();
        }

        Assert.InRange(Told.Count - told, 1, 11);
    }

    [Fact]
    public async Task ASnapshotOfALargeConversationNamesNobodyAndSaysSo()
    {
        var (instance, users) = await CreateAsync(members: 6);
        _realtime.Has(Connection, users[0]);

        await instance.ApplyAsync(users[0], new Connected(Connection, Start));

        var part = Assert.Single(_realtime.Heard(Connection).Select(m => m.Argument).OfType<Snapshot>().Last().Conversations);
        Assert.Equal((0, false, "counts", new Occupancy(6, 1, 0)), (part.Users.Length, part.IsComplete, part.Mode, part.Occupancy));
        Assert.Equal((await ReadAsync(instance)).Version.ToString(), part.Version);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }
    }

    /// <summary>An instance that knows a conversation of so many members, none of them here.</summary>
    private async Task<(Instance Instance, PresenceKey[] Users)> CreateAsync(int members)
    {
        var (instance, users) = (Create(), Users(members));
        foreach (var user in users)
        {
            await instance.Engine.CommitAsync(user, new Joined(Conversation), Cancellation);
        }

        await BecomesTrueAsync(async () => await _store.RosterAsync(Conversation, Cancellation).CountAsync(Cancellation) == members);
        await ReadAsync(instance);
        return (instance, users);
    }

    private Instance Create()
    {
        var instance = Instance.OverMemory(_store, _clock, o => o.LargeConversation = 5, _realtime);
        _ = instance.Get<CountMessages>();
        _instances.Add(instance);
        return instance;
    }

    private static Task<Roster> ReadAsync(Instance instance) => instance.Rosters.ReadFreshAsync(Conversation, Cancellation);

    private Task ToldAsync(int messages) => BecomesTrueAsync(() => Told.Count >= messages);

    private static Task BecomesTrueAsync(Func<bool> isTrue) => BecomesTrueAsync(() => Task.FromResult(isTrue()));

    /// <summary>Who waits for the clock goes on a little after it.</summary>
    private static async Task BecomesTrueAsync(Func<Task<bool>> isTrue)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await isTrue())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Lets what goes on by itself come to where it waits for the clock.</summary>
    private static async Task RestAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.Yield();
        }
    }
}
