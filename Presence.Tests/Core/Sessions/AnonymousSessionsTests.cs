using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Presence.Core;
using Presence.Core.Sessions;
using Presence.Tests.Core.Storage;

namespace Presence.Tests.Core.Sessions;

public sealed class AnonymousSessionsTests : IAsyncLifetime
{
    private readonly string _table = Tables.NewName();
    private readonly FakeTimeProvider _time = Some.Clock();
    private Instance _instance = null!;

    public async ValueTask InitializeAsync() => _instance = await Tables.InstanceAsync(_table, _time);

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AnonymousSessions Sessions => _instance.Get<AnonymousSessions>();

    [Fact]
    public async Task ATokenNamesItsParticipantOnEveryInstance()
    {
        var session = await IssueAsync();
        Assert.Equal(Some.Guest, await Sessions.ValidateAsync(session.Token, Token));
        await using var other = await Tables.InstanceAsync(_table, _time);
        Assert.Equal(Some.Guest, await other.Get<AnonymousSessions>().ValidateAsync(session.Token, Token));
    }

    [Fact]
    public async Task NoTwoTokensAreAlikeAndTheirSecretHas256Bits()
    {
        var (one, two) = (await IssueAsync(), await IssueAsync());
        Assert.NotEqual(one.Token, two.Token);
        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(one.Token.Split('.')[1]).Length);
    }

    [Fact]
    public async Task TheTokenIsStoredNowhere()
    {
        var session = await IssueAsync();
        var secret = session.Token.Split('.')[1];
        await foreach (var row in (await Tables.ClientAsync(_table)).QueryAsync<TableEntity>(cancellationToken: Token))
        {
            Assert.DoesNotContain(row, property => property.Value?.ToString()?.Contains(secret, StringComparison.Ordinal) ?? false);
        }
    }

    [Fact]
    public async Task AnExpiredTokenNamesNobodyCachedOrNot()
    {
        var session = await IssueAsync(Some.Seconds(20));
        Assert.NotNull(await Sessions.ValidateAsync(session.Token, Token));
        _time.Advance(Some.Seconds(20));
        Assert.Null(await Sessions.ValidateAsync(session.Token, Token));
        await using var other = await Tables.InstanceAsync(_table, _time);
        Assert.Null(await other.Get<AnonymousSessions>().ValidateAsync(session.Token, Token));
    }

    [Fact]
    public async Task RevokingEndsAllSessionsOfTheParticipantAndNoOther()
    {
        var (one, two) = (await IssueAsync(), await IssueAsync());
        var other = await Sessions.IssueAsync(Presence.Core.Domain.PresenceKey.Anonymous("guest2"), null, Token);
        Assert.NotNull(await Sessions.ValidateAsync(one.Token, Token));
        Assert.Equal(2, await Sessions.RevokeAsync(Some.Guest, Token));
        Assert.Null(await Sessions.ValidateAsync(one.Token, Token));
        Assert.Null(await Sessions.ValidateAsync(two.Token, Token));
        Assert.NotNull(await Sessions.ValidateAsync(other.Token, Token));
    }

    [Fact]
    public async Task AnotherInstanceTrustsARevokedSessionNoLongerThanConfigured()
    {
        var session = await IssueAsync();
        await using var other = await Tables.InstanceAsync(_table, _time);
        Assert.NotNull(await other.Get<AnonymousSessions>().ValidateAsync(session.Token, Token));
        await Sessions.RevokeAsync(Some.Guest, Token);
        _time.Advance(Some.Seconds(30));
        Assert.Null(await other.Get<AnonymousSessions>().ValidateAsync(session.Token, Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("x.y")]
    [InlineData("Z3Vlc3Q.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("no token at all")]
    public async Task RubbishNamesNobody(string token) => Assert.Null(await Sessions.ValidateAsync(token, Token));

    [Theory]
    [InlineData(0.5)]
    [InlineData(86_401)]
    public async Task ALifetimeOutOfRangeIsRefused(double seconds)
    {
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => IssueAsync(Some.Seconds(seconds)));
        Assert.Equal("lifetimeSeconds", refusal.Field);
    }

    private Task<AnonymousSession> IssueAsync(TimeSpan? lifetime = null) => Sessions.IssueAsync(Some.Guest, lifetime, Token);
}
