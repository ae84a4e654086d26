using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Sessions;
using Presence.Tests.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Sessions;

public sealed class AnonymousSessionsTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task ATokenNamesItsParticipantOnAnyInstance()
    {
        var session = await IssueAsync(Create());

        Assert.Equal(Guest, await ValidateAsync(Create(), session.Token));
    }

    [Fact]
    public async Task TheTokenIsStoredNowhere()
    {
        var token = (await IssueAsync(Create())).Token;
        var secret = token[(token.IndexOf('.', StringComparison.Ordinal) + 1)..];

        var values = await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation)
            .SelectMany(row => row.Select(p => $"{p.Key}={p.Value}").ToAsyncEnumerable())
            .ToListAsync(Cancellation);

        Assert.Contains(values, v => v.StartsWith("RowKey=se:anon:guest|", StringComparison.Ordinal));
        Assert.DoesNotContain(values, v => v.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASessionExpires()
    {
        var instance = Create();
        var session = await IssueAsync(instance, Seconds(90));

        Clock.Advance(Seconds(89.999));
        Assert.Equal(Guest, await ValidateAsync(instance, session.Token));
        Clock.Advance(Seconds(0.001));
        Assert.Null(await ValidateAsync(instance, session.Token));
        Assert.Null(await ValidateAsync(Create(), session.Token));
    }

    [Fact]
    public async Task ARevokedSessionEndsAtOnceHereAndSoonElsewhere()
    {
        var (here, elsewhere) = (Create(), Create());
        var sessions = new[] { await IssueAsync(here), await IssueAsync(elsewhere) };
        foreach (var session in sessions)
        {
            await ValidateAsync(here, session.Token);
            await ValidateAsync(elsewhere, session.Token);
        }

        Assert.Equal(2, await here.Get<AnonymousSessions>().RevokeAsync(Guest, Cancellation));

        Assert.Null(await ValidateAsync(here, sessions[0].Token));
        Assert.Null(await ValidateAsync(here, sessions[1].Token));
        Clock.Advance(Seconds(30));
        Assert.Null(await ValidateAsync(elsewhere, sessions[0].Token));
        Assert.Equal(0, await here.Get<AnonymousSessions>().RevokeAsync(Guest, Cancellation));
    }

    [Fact]
    public async Task ASessionSeenLatelyNeedsNoStorage()
    {
        var transport = new FaultyTransport();
        var instance = Create(transport: transport);
        var session = await IssueAsync(instance);
        await ValidateAsync(instance, session.Token);
        transport.OnRequest = _ => throw FaultyTransport.Lost();

        Assert.Equal(Guest, await ValidateAsync(instance, session.Token));
        Clock.Advance(Seconds(30));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ValidateAsync(instance, session.Token));
    }

    [Fact]
    public async Task ASessionTellsWhenItWasIssuedAndExpires()
    {
        var session = await IssueAsync(Create(), Seconds(90));
        var instance = Create();
        Clock.Advance(Seconds(10));

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(new(Guest, Start, Start + Seconds(90)), await instance.Get<AnonymousSessions>().ValidateAsync(session.Token, Cancellation));
        }
    }

    [Fact]
    public async Task ASessionFromBeforeThatWasKeptStillHolds()
    {
        var instance = Create();
        var session = await IssueAsync(instance, Seconds(90));
        var row = await SessionRowAsync();
        row.Remove(nameof(StoredSession.IssuedAt));
        await Table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation);

        Assert.Equal(new(Guest, null, Start + Seconds(90)), await instance.Get<AnonymousSessions>().ValidateAsync(session.Token, Cancellation));
        Assert.Equal(1, await instance.Get<AnonymousSessions>().RevokeAsync(Guest, Cancellation));
    }

    [Fact]
    public async Task AClockSetBackMakesNoRevokedSessionTrustedForLonger()
    {
        var (here, clock) = (Create(), new ClockSetBack());
        var elsewhere = CreateOver(here.Get<ISessionStore>(), clock);
        var session = await IssueAsync(here);
        await elsewhere.ValidateAsync(session.Token, Cancellation);
        await here.Get<AnonymousSessions>().RevokeAsync(Guest, Cancellation);

        clock.IsSetBack = true;
        clock.Advance(Seconds(29.999));
        Assert.NotNull(await elsewhere.ValidateAsync(session.Token, Cancellation));
        clock.Advance(Seconds(0.001));

        Assert.Null(await elsewhere.ValidateAsync(session.Token, Cancellation));
    }

    [Fact]
    public async Task ASessionRevokedWhileItIsLookedUpIsNotRemembered()
    {
        var instance = Create();
        var session = await IssueAsync(instance);
        var store = new RevokingStore(instance.Get<ISessionStore>());
        var sessions = CreateOver(store, Clock);
        store.OnceFound = () => sessions.RevokeAsync(Guest, Cancellation);

        await sessions.ValidateAsync(session.Token, Cancellation);

        Assert.Null(await sessions.ValidateAsync(session.Token, Cancellation));
    }

    [Fact]
    public async Task ARevocationThatFindsNothingLeftForgetsWhatIsRemembered()
    {
        var (here, elsewhere) = (Create(), Create());
        var session = await IssueAsync(here);
        await ValidateAsync(here, session.Token);
        await elsewhere.Get<AnonymousSessions>().RevokeAsync(Guest, Cancellation);

        Assert.Equal(0, await here.Get<AnonymousSessions>().RevokeAsync(Guest, Cancellation));

        Assert.Null(await ValidateAsync(here, session.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("guest")]
    [InlineData("!!!.!!!")]
    [InlineData("Z3Vlc3Q.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("YW5vbjp4.AAAA")]
    [InlineData("_w.AAAA")]
    public async Task WhatWasNeverIssuedIsNoSession(string token) => Assert.Null(await ValidateAsync(Create(), token));

    [Fact]
    public async Task ATokenOfAnotherParticipantsNameIsNoSession()
    {
        var instance = Create();
        var token = (await IssueAsync(instance)).Token;
        var forged = "Ym9i" + token[token.IndexOf('.', StringComparison.Ordinal)..];

        Assert.Null(await ValidateAsync(instance, forged));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(86_401)]
    public async Task ALifetimeOutOfRangeIsRefused(double seconds)
    {
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => IssueAsync(Create(), Seconds(seconds)));

        Assert.Contains("86400", refusal.Message, StringComparison.Ordinal);
    }

    private static AnonymousSessions CreateOver(ISessionStore store, TimeProvider time) =>
        new(store, Microsoft.Extensions.Options.Options.Create(Settings()), time);

    private ValueTask<TableEntity> SessionRowAsync() => Table
        .QueryAsync<TableEntity>(e => e.RowKey.CompareTo("se:") > 0 && e.RowKey.CompareTo("se;") < 0, cancellationToken: Cancellation)
        .SingleAsync(Cancellation);

    private static Task<AnonymousSession> IssueAsync(Instance instance, TimeSpan? lifetime = null) =>
        instance.Get<AnonymousSessions>().IssueAsync(Guest, lifetime, Cancellation);

    private static async Task<PresenceKey?> ValidateAsync(Instance instance, string token) =>
        (await instance.Get<AnonymousSessions>().ValidateAsync(token, Cancellation))?.Participant;

    /// <summary>A clock whose time of day can be set back an hour. What measures time passing is not affected.</summary>
    private sealed class ClockSetBack() : FakeTimeProvider(Some.Start)
    {
        public bool IsSetBack { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - (IsSetBack ? TimeSpan.FromHours(1) : TimeSpan.Zero);

        // The base class measures by its own time of day.
        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }

    /// <summary>Lets something happen between the reading of a session and the answer.</summary>
    private sealed class RevokingStore(ISessionStore inner) : ISessionStore
    {
        public Func<Task> OnceFound { get; set; } = () => Task.CompletedTask;

        public async Task<StoredSession?> FindAsync(PresenceKey participant, string tokenHash, CancellationToken cancellationToken)
        {
            var found = await inner.FindAsync(participant, tokenHash, cancellationToken);
            await OnceFound();
            return found;
        }

        public Task<IReadOnlyList<StoredSession>> RemoveAllAsync(PresenceKey participant, CancellationToken cancellationToken) =>
            inner.RemoveAllAsync(participant, cancellationToken);

        public Task AddAsync(PresenceKey participant, StoredSession session, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<int> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
