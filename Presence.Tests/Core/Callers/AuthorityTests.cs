using Microsoft.AspNetCore.Http;
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

        Assert.Equal(Alice, await ValidateAsync(authority.Url, authority.Token()));
        Assert.Equal(Alice, await ValidateAsync(authority.Url + "/", authority.Token()));
    }

    [Fact]
    public async Task ATokenOfAnotherIssuerIsRefusedAndNoReasonToAskForKeys()
    {
        await using var authority = await Authority.StartAsync();
        using var validator = Validators.Create(Clock(), o => (o.Authority, o.SigningKey) = (authority.Url, null));
        await validator.ValidateAsync(authority.Token(), TestContext.Current.CancellationToken);

        var foreign = authority.Token(Authority.NewKey(), "https://other");
        var refusal = await Assert.ThrowsAsync<UnauthenticatedException>(
            async () => await validator.ValidateAsync(foreign, TestContext.Current.CancellationToken));

        Assert.Contains("issuer", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, authority.Fetches);
    }

    [Fact]
    public async Task AnIssuerInTheSettingsStandsInsteadOfTheDiscoveryDocuments()
    {
        await using var authority = await Authority.StartAsync();

        Assert.Equal(Alice, await ValidateAsync(authority.Url, authority.Token("https://outside"), "https://outside"));
        await RefusedAsync(authority.Url, authority.Token(), "https://outside");
        await RefusedAsync(authority.Url, authority.Token("https://outside/"), "https://outside");
        await RefusedAsync(authority.Url, authority.Token("HTTPS://outside"), "https://outside");
    }

    [Fact]
    public async Task ATokenOfAnotherAuthoritysKeyIsRefused()
    {
        await using var authority = await Authority.StartAsync();
        await using var other = await Authority.StartAsync();

        await RefusedAsync(authority.Url, other.Token(authority.Url));
    }

    [Fact]
    public async Task ASymmetricTokenIsRefusedUnderAnAuthority()
    {
        await using var authority = await Authority.StartAsync();

        await RefusedAsync(authority.Url, Tokens.Create(Start, t => t.Issuer = authority.Url, algorithm: SecurityAlgorithms.HmacSha256));
    }

    [Fact]
    public async Task APublicKeyIsNoSharedKey()
    {
        await using var authority = await Authority.StartAsync();
        var modulus = Base64UrlEncoder.Encode(authority.Published[0].Rsa.ExportParameters(false).Modulus);

        await RefusedAsync(authority.Url, Tokens.Create(Start, t => t.Issuer = authority.Url, key: modulus));
    }

    [Fact]
    public async Task AKeyThatNamesItsAlgorithmIsForNoOther()
    {
        await using var authority = await Authority.StartAsync();
        authority.KeyParameters["alg"] = "RS256";

        Assert.Equal(Alice, await ValidateAsync(authority.Url, authority.Token()));
        await RefusedAsync(authority.Url, authority.Token(algorithm: SecurityAlgorithms.RsaSha512));
        await RefusedAsync(authority.Url, authority.Token(algorithm: SecurityAlgorithms.RsaSsaPssSha256));
    }

    [Fact]
    public async Task AKeyForEncryptionSignsNothing()
    {
        await using var authority = await Authority.StartAsync();
        var key = authority.Published[0].Rsa.ExportParameters(false);
        var (n, e) = (Base64UrlEncoder.Encode(key.Modulus), Base64UrlEncoder.Encode(key.Exponent));
        var signing = Authority.NewKey();
        var other = signing.Rsa.ExportParameters(false);
        authority.Instead = context => Task.FromResult<IResult?>(context.Request.Path == Authority.Keys
            ? Results.Json(new
            {
                keys = new[]
                {
                    new { kty = "RSA", use = "enc", kid = authority.Published[0].KeyId, n, e },
                    new
                    {
                        kty = "RSA", use = "sig", kid = signing.KeyId,
                        n = Base64UrlEncoder.Encode(other.Modulus), e = Base64UrlEncoder.Encode(other.Exponent),
                    },
                },
            })
            : null);

        await RefusedAsync(authority.Url, authority.Token());
        Assert.Equal(Alice, await ValidateAsync(authority.Url, authority.Token(signing)));
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("")]
    public async Task SeveralKeysMayShareAnIdOrHaveNone(string keyId)
    {
        await using var authority = await Authority.StartAsync();
        authority.Published = [Authority.NewKey(keyId), Authority.NewKey(keyId)];

        Assert.Equal(Alice, await ValidateAsync(authority.Url, authority.Token(authority.Published[0])));
        Assert.Equal(Alice, await ValidateAsync(authority.Url, authority.Token(authority.Published[1])));
        await RefusedAsync(authority.Url, authority.Token(Authority.NewKey(keyId)));
    }

    private static async Task RefusedAsync(string authority, string token, string? issuer = null) =>
        await Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(authority, token, issuer));

    private static async Task<PresenceKey> ValidateAsync(string authority, string token, string? issuer = null)
    {
        using var validator = Validators.Create(Clock(), o => (o.Authority, o.SigningKey, o.Issuer) = (authority, null, issuer));
        return (await validator.ValidateAsync(token, TestContext.Current.CancellationToken)).User;
    }
}
