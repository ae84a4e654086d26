using Microsoft.IdentityModel.Tokens;
using Presence.Core.Callers;
using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Callers;

public class AuthorityTests
{
    [Fact]
    public async Task ATokenOfTheAuthorityNamesItsUser()
    {
        await using var authority = await Authority.StartAsync();

        Assert.Equal(Alice, await ValidateAsync(Create(authority.Url), authority.Token()));
        Assert.Equal(Alice, await ValidateAsync(Create(authority.Url + "/"), authority.Token()));
    }

    [Fact]
    public async Task ATokenOfAnotherIssuerIsRefused()
    {
        await using var authority = await Authority.StartAsync();

        await Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(Create(authority.Url), authority.Token("https://other")));
    }

    [Fact]
    public async Task ATokenOfAnotherAuthoritysKeyIsRefused()
    {
        await using var authority = await Authority.StartAsync();
        await using var other = await Authority.StartAsync();

        await Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(Create(authority.Url), other.Token(authority.Url)));
    }

    [Fact]
    public async Task ASymmetricTokenIsRefusedUnderAnAuthority()
    {
        await using var authority = await Authority.StartAsync();
        var token = Tokens.Create(Start, t => t.Issuer = authority.Url, algorithm: SecurityAlgorithms.HmacSha256);

        await Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(Create(authority.Url), token));
    }

    [Fact(Timeout = 60_000)]
    public async Task AReplacedKeyIsFetchedBehindTheFirstTokenRefused()
    {
        await using var authority = await Authority.StartAsync();
        var validator = Create(authority.Url);
        await ValidateAsync(validator, authority.Token());

        authority.ReplaceKey();
        await Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(validator, authority.Token()));
        await authority.KeysFetchedAgain.WaitAsync(Seconds(30), TestContext.Current.CancellationToken);

        // The answer is on its way.
        while (await Record.ExceptionAsync(() => ValidateAsync(validator, authority.Token())) is UnauthenticatedException)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task AnAuthorityOutOfReachIsNoFaultOfTheCaller()
    {
        var authority = await Authority.StartAsync();
        var (url, token) = (authority.Url, authority.Token());
        var known = Create(url);
        await ValidateAsync(known, token);
        await authority.DisposeAsync();

        await Assert.ThrowsAsync<IdentityProviderUnavailableException>(() => ValidateAsync(Create(url), token));
        Assert.Equal(Alice, await ValidateAsync(known, token));
    }

    private static async Task<PresenceKey> ValidateAsync(BearerTokenValidator validator, string token) =>
        await validator.ValidateAsync(token, TestContext.Current.CancellationToken);

    private static BearerTokenValidator Create(string authority) => new(
        Microsoft.Extensions.Options.Options.Create(Some.Settings(o => (o.Authentication.Authority, o.Authentication.SigningKey) = (authority, null))),
        Clock());
}
