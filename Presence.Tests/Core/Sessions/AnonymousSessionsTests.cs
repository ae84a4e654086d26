using Azure.Data.Tables;
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

    private static Task<AnonymousSession> IssueAsync(Instance instance, TimeSpan? lifetime = null) =>
        instance.Get<AnonymousSessions>().IssueAsync(Guest, lifetime, Cancellation);

    private static async Task<PresenceKey?> ValidateAsync(Instance instance, string token) =>
        await instance.Get<AnonymousSessions>().ValidateAsync(token, Cancellation);
}
