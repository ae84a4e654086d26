using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Presence.Core.Callers;
using Presence.Core.Domain;

namespace Presence.Tests.Core.Callers;

public sealed class BearerTokenTests
{
    private readonly FakeTimeProvider _time = Some.Clock();

    [Fact]
    public async Task AGoodTokenNamesItsUser() => Assert.Equal(Some.Alice, await ValidateAsync(Token()));

    [Fact]
    public async Task AnyTextIsAUserIdIfItIsShortEnough()
    {
        const string Odd = "ä/\\#?\u0001 😀";
        Assert.Equal(PresenceKey.Registered(Odd), await ValidateAsync(Token(t => t.Claims["sub"] = Odd)));
    }

    [Fact]
    public Task AnExpiredTokenIsRefused() => RefusesAsync(Token(t => t.Expires = _time.GetUtcNow().UtcDateTime.AddMinutes(-2)), "expired");

    [Fact]
    public async Task AnExpiryWithinTheClockSkewIsForgiven() =>
        Assert.Equal(Some.Alice, await ValidateAsync(Token(t => t.Expires = _time.GetUtcNow().UtcDateTime.AddSeconds(-20))));

    [Fact]
    public Task ATokenNotYetInForceIsRefused() =>
        RefusesAsync(Token(t => t.NotBefore = _time.GetUtcNow().UtcDateTime.AddMinutes(2)), "not yet in force");

    [Fact]
    public Task ATokenWithoutExpiryIsRefused() => RefusesAsync(Token(t => t.Expires = null), "no expiry");

    [Fact]
    public Task ATokenForAnotherAudienceIsRefused() => RefusesAsync(Token(t => t.Audience = "somebody-else"), "another audience");

    [Fact]
    public Task ATokenWithoutAudienceIsRefused() => RefusesAsync(Token(t => t.Audience = null), "another audience");

    [Fact]
    public Task ATokenUnderAnotherKeyIsRefused() =>
        RefusesAsync(Token(t => t.SigningCredentials = Credentials("another-key-of-at-least-32-bytes!!")), "signature");

    [Fact]
    public Task ATokenUnderAnotherAlgorithmIsRefused()
    {
        const string Long = "a-shared-key-that-is-long-enough-for-hs512-which-wants-sixty-four-bytes";
        return RefusesAsync(
            Token(t => t.SigningCredentials = Credentials(Long, SecurityAlgorithms.HmacSha512)), "signature", signingKey: Long);
    }

    [Fact]
    public Task AnUnsignedTokenIsRefused() => RefusesAsync(Token(t => t.SigningCredentials = null), "");

    [Fact]
    public Task ATamperedTokenIsRefused()
    {
        var parts = Token().Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("alice", "mallo", StringComparison.Ordinal);
        return RefusesAsync($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}", "signature");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    public Task RubbishIsRefused(string token) => RefusesAsync(token, "");

    [Theory]
    [InlineData("")]
    [InlineData("anon:guest")]
    public Task ATokenWhoseUserIsNoneIsRefused(string sub) => RefusesAsync(Token(t => t.Claims["sub"] = sub), "'sub'");

    [Fact]
    public Task AUserIdOf129CharactersIsRefused() => RefusesAsync(Token(t => t.Claims["sub"] = new string('x', 129)), "128");

    [Fact]
    public Task ATokenWithoutUserIsRefused() => RefusesAsync(Token(t => t.Claims.Remove("sub")), "'sub'");

    private async Task<PresenceKey> ValidateAsync(string token, string signingKey = Some.SigningKey) =>
        await Create(signingKey).ValidateAsync(token, TestContext.Current.CancellationToken);

    private async Task RefusesAsync(string token, string reason, string signingKey = Some.SigningKey)
    {
        var refusal = await Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(token, signingKey));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private string Token(Action<SecurityTokenDescriptor>? change = null)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Audience = Some.Audience,
            Claims = new Dictionary<string, object> { ["sub"] = Some.Alice.Id },
            Expires = _time.GetUtcNow().UtcDateTime.AddHours(1),
            SigningCredentials = Credentials(Some.SigningKey),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    private static SigningCredentials Credentials(string key, string algorithm = SecurityAlgorithms.HmacSha256) =>
        new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), algorithm);

    private BearerTokenValidator Create(string signingKey) =>
        new(Options.Create(Some.Options(o => o.Authentication.SigningKey = signingKey)), _time);
}
