using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Throttle;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

/// <summary>What a caller carries from one instance to another, and what it is good for.</summary>
public sealed class CarriedTokenTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance _one;
    private readonly Instance _other;
    private int _attempts;

    public CarriedTokenTests()
    {
        (_one, _other) = (Create(), Create());
        _store.OnCommit = _ =>
        {
            _attempts++;
            return Task.CompletedTask;
        };
    }

    [Fact]
    public async Task InsideTheWindowAnotherInstanceDoesNoIO()
    {
        var token = await RecordAsync();
        _clock.Advance(Seconds(30));
        var loads = _store.Loads;

        var result = await CallAsync(_other, token);

        Assert.Equal((true, PresenceStatus.Online), (result.Throttled, result.Status));
        Assert.Equal((loads, 1), (_store.Loads, _attempts));
        Assert.Equal(_clock.GetUtcNow(), _other.Get<ActivityWindow>().LastHeld(Alice));
    }

    [Fact]
    public async Task AfterTheWindowAnotherInstanceWritesWithoutReading()
    {
        var token = await RecordTwiceAsync();
        _clock.Advance(Seconds(65));
        var (loads, attempts) = (_store.Loads, _attempts);

        var result = await CallAsync(_other, token);

        Assert.Equal((false, Start + Seconds(195)), (result.Throttled, result.NextRecordAt));
        Assert.Equal((loads, attempts + 1), (_store.Loads, _attempts));
        Assert.Equal(_clock.GetUtcNow(), (await _other.ViewAsync(Alice)).LastActiveAt);
        Assert.Equal(Start + Seconds(130) + Settings().OfflineAfter, (await _store.LoadAsync(Alice, Cancellation)).Records.Online!.DueAt);
    }

    [Fact]
    public async Task AChoiceThatEndsIsNotPutOffByCallsThatDoNotReadTheRow()
    {
        await RecordAsync();
        await _one.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy, Until: Start + Seconds(200))));
        string? token = null;
        for (var at = 0; at < 200; at += 5)
        {
            token = (await CallAsync(at % 10 == 0 ? _one : _other, token)).Token ?? token;
            _clock.Advance(Seconds(5));
        }

        await _other.Sweep.RunAsync(Cancellation);

        Assert.Equal((PresenceStatus.Online, Availability.Available), ((await _one.ViewAsync(Alice)).Status, (await _one.ViewAsync(Alice)).Availability));
    }

    [Fact]
    public async Task WhatIsWrittenLeavesAllElseAsItIs()
    {
        await _one.ApplyAsync(Alice, new Joined("room"));
        await _one.ApplyAsync(Alice, new Connected(Connection));
        var token = await RecordTwiceAsync();
        var before = (await _store.LoadAsync(Alice, Cancellation)).Records.Online!;
        _clock.Advance(Seconds(65));

        await CallAsync(_other, token);

        var after = (await _store.LoadAsync(Alice, Cancellation)).Records.Online!;
        var now = _clock.GetUtcNow();
        Assert.Equal(before with { LastActiveAt = now, RecordedAt = now, DueAt = now + Settings().AwayAfter, WriteId = after.WriteId }, after);
    }

    [Fact]
    public async Task ATokenOfBeforeAnotherRecordIsRefusedAndTheRowIsRead()
    {
        var old = await RecordTwiceAsync();
        _clock.Advance(Seconds(65));
        await CallAsync(_one, old);
        _clock.Advance(Seconds(30));
        var (loads, commits) = (_store.Loads, _store.Commits);

        var result = await CallAsync(_other, old);

        Assert.True(result.Throttled);
        Assert.Equal((loads + 1, commits), (_store.Loads, _store.Commits));
    }

    [Fact]
    public async Task AForeignTokenCountsAsNone()
    {
        var token = await RecordAsync();

        var result = await _other.Recorder.RecordAsync(Bob, _clock.GetUtcNow(), token);

        Assert.False(result.Throttled);
        Assert.Equal(PresenceStatus.Online, (await _other.ViewAsync(Bob)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("AQAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task RubbishCountsAsNone(string token)
    {
        await RecordAsync();
        var loads = _store.Loads;

        Assert.True((await CallAsync(_other, token)).Throttled);
        Assert.Equal(loads + 1, _store.Loads);
    }

    [Fact]
    public async Task OlderCredentialsThanTheTokensDoNotUseIt()
    {
        await _one.ApplyAsync(Alice, new Activity(Start));
        await _one.ApplyAsync(Alice, new SignedOut(IsRevoked: true));
        _clock.Advance(Seconds(10));
        var token = (await CallAsync(_one, null, issuedAt: _clock.GetUtcNow())).Token;
        _clock.Advance(Seconds(1));

        var result = await CallAsync(_other, token, issuedAt: Start);

        Assert.Equal((false, 1), (result.Throttled, Ignored(_other)));
        Assert.Null(result.Token);
    }

    [Fact]
    public async Task NewerCredentialsThanTheTokensDo()
    {
        var token = (await CallAsync(_one, null, issuedAt: Start - Seconds(100))).Token;
        var loads = _store.Loads;
        _clock.Advance(Seconds(1));

        Assert.True((await CallAsync(_other, token, issuedAt: Start)).Throttled);
        Assert.Equal(loads, _store.Loads);
    }

    [Fact]
    public async Task WhoHasLeftByThisInstanceIsNotHereBecauseATokenSaysSo()
    {
        var token = await RecordAsync();
        _clock.Advance(Seconds(10));
        await _other.ApplyAsync(Alice, new SignedOut());
        _clock.Advance(Seconds(1));

        var result = await CallAsync(_other, token);

        Assert.Equal((false, PresenceStatus.Online), (result.Throttled, result.Status));
        Assert.Equal(2, (await _store.LoadAsync(Alice, Cancellation)).Records.Online!.LastActiveAt == _clock.GetUtcNow() ? 2 : 0);
    }

    [Fact]
    public async Task AnEagerCallerWaitsForTheInstanceThatRecordedLast()
    {
        var token = await RecordTwiceAsync();
        _clock.Advance(Seconds(30));
        var eager = (await CallAsync(_other, token)).Token;
        Assert.NotNull(eager);
        _clock.Advance(Seconds(35));
        var (loads, attempts) = (_store.Loads, _attempts);

        // Not called before, and not the one that recorded: it leaves that the first turn.
        await using var third = Create();
        Assert.True((await CallAsync(third, eager)).Throttled);
        Assert.True((await CallAsync(_other, eager)).Throttled);
        Assert.False((await CallAsync(_one, eager)).Throttled);
        Assert.Equal((loads, attempts + 1), (_store.Loads, _attempts));
    }

    [Fact]
    public async Task IfThatOneIsCalledNoMoreAnotherRecordsInTime()
    {
        var token = await RecordTwiceAsync();
        _clock.Advance(Seconds(30));
        var eager = (await CallAsync(_other, token)).Token;
        _clock.Advance(Seconds(35 + 41));

        Assert.False((await CallAsync(_other, eager)).Throttled);
    }

    [Fact]
    public async Task WhoCallsWhenToldToIsRecordedByAnyInstance()
    {
        var token = await RecordTwiceAsync();
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(Seconds(65));
            await using var another = Create();
            var result = await CallAsync(another, token);
            Assert.Equal((false, _clock.GetUtcNow() + Seconds(65)), (result.Throttled, result.NextRecordAt));
            token = result.Token;
        }

        Assert.Equal(12, _attempts);
    }

    [Fact]
    public async Task WithAConnectionTheNextCallIsToldAWindowBeforeTurningAway()
    {
        await _one.ApplyAsync(Alice, new Connected(Connection));
        _clock.Advance(Seconds(70));

        var result = await CallAsync(_one, null);

        Assert.Equal((false, _clock.GetUtcNow() + Seconds(235)), (result.Throttled, result.NextWhileConnected));

        // Another device of the user, without a connection, is needed each window.
        Assert.Equal(_clock.GetUtcNow() + Seconds(65), result.NextRecordAt);
        _clock.Advance(Seconds(66));
        Assert.False((await CallAsync(_other, result.Token)).Throttled);
    }

    [Fact]
    public async Task ThePaceCountsFromTheLastActivityAsTurningAwayDoes()
    {
        await _one.ApplyAsync(Alice, new Connected(Connection));
        _clock.Advance(Seconds(235));

        // The client tells late that the user did something at the end of the first minute.
        var result = await _one.Recorder.RecordAsync(Alice, new Activity(_clock.GetUtcNow(), Start + Seconds(60)), token: null, Cancellation);

        Assert.Equal((false, Start + Seconds(60 + 235)), (result.Throttled, result.NextWhileConnected));
        Assert.Equal(Start + Seconds(60) + Settings().MostBehind, result.NextRecordAt);
    }

    [Fact]
    public async Task ConnectedAndAtTheToldPaceOneCallIsOneWrite()
    {
        await _one.ApplyAsync(Alice, new Connected(Connection));
        _clock.Advance(Seconds(70));
        var result = await CallAsync(_one, null);
        var (loads, attempts) = (_store.Loads, _attempts);
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(result.NextWhileConnected!.Value - _clock.GetUtcNow());
            await _other.Sweep.RunAsync(Cancellation);
            result = await CallAsync(i % 2 == 0 ? _other : _one, result.Token);
            Assert.False(result.Throttled);
            Assert.Equal(PresenceStatus.Online, (await _one.ViewAsync(Alice)).Status);
        }

        // 20 calls in 78 minutes, and a look of the test at each.
        Assert.Equal((loads + 20, attempts + 20), (_store.Loads, _attempts));
    }

    [Fact]
    public async Task WithoutAKeyThereIsNoTokenAndAllElseIsAsEver()
    {
        _store.ThrottleKeys.IsOutOfReach = true;

        var result = await CallAsync(_one, null);

        Assert.Equal((false, null), (result.Throttled, result.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static double Ignored(Instance instance) =>
        instance.Totals.ValueOf(Presence.Core.Metrics.MetricCatalogue.ActivityRequests, Presence.Core.Metrics.ActivityOutcome.Ignored);

    private Instance Create() => Instance.OverMemory(_store, _clock, o => o.DefaultConversation = "");

    private Task<ActivityResult> CallAsync(Instance instance, string? token, DateTimeOffset? issuedAt = null) =>
        instance.Recorder.RecordAsync(Alice, new Activity(_clock.GetUtcNow(), IssuedAt: issuedAt), token, Cancellation).AsTask();

    private async Task<string> RecordAsync() => (await CallAsync(_one, null)).Token!;

    /// <summary>The token of a second record: the first, which brought the user online, is written with other rows, and says no ETag.</summary>
    private async Task<string> RecordTwiceAsync()
    {
        var token = await RecordAsync();
        _clock.Advance(Seconds(65));
        return (await CallAsync(_one, token)).Token!;
    }
}
