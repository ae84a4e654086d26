using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Presence.Core.Callers;
using Presence.Core.Domain;
using Presence.Core.Options;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Callers;

public class BearerTokenValidatorTests
{
    private readonly FakeTimeProvider _clock = Clock();

    [Fact]
    public async Task AValidTokenNamesItsUser() => Assert.Equal(Alice, await ValidateAsync(Tokens.Create(Start)));

    [Fact]
    public async Task TheUserIdMayStandInAnotherClaim()
    {
        var token = Tokens.Create(Start, t => t.Claims["oid"] = "bob");

        Assert.Equal(Bob, await ValidateAsync(token, o => o.UserIdClaim = "oid"));
    }

    [Fact]
    public async Task AnExpiredTokenIsRefusedAfterTheSkew()
    {
        var token = Tokens.Create(Start);
        _clock.Advance(Seconds(330));
        Assert.Equal(Alice, await ValidateAsync(token));

        _clock.Advance(Seconds(1));
        Assert.Contains("expired", (await RefusalAsync(token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenNotYetInForceIsRefused() =>
        await RefusalAsync(Tokens.Create(Start, t => t.NotBefore = (Start + Seconds(31)).UtcDateTime));

    [Fact]
    public async Task ATokenWithoutExpiryIsRefused() => await RefusalAsync(Tokens.Create(Start, t => t.Expires = null));

    [Theory]
    [InlineData("another")]
    [InlineData("presence-tests/")]
    [InlineData("Presence-Tests")]
    [InlineData("presence-test")]
    [InlineData("presence-tests ")]
    [InlineData(null)]
    public async Task ATokenForAnotherAudienceIsRefused(string? audience) =>
        await RefusalAsync(Tokens.Create(Start, t => t.Audience = audience));

    [Fact]
    public async Task ATokenOfAnotherKeyIsRefused() =>
        await RefusalAsync(Tokens.Create(Start, key: "another-key-of-at-least-32-bytes!!"));

    [Fact]
    public async Task AnotherAlgorithmWithTheSameKeyIsRefused() => await RefusalAsync(Tokens.Create(
        Start, key: SigningKey + SigningKey, algorithm: SecurityAlgorithms.HmacSha512), o => o.SigningKey = SigningKey + SigningKey);

    [Fact]
    public async Task ATamperedTokenIsRefused()
    {
        var parts = Tokens.Create(Start).Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("alice", "mallory", StringComparison.Ordinal);

        await RefusalAsync($"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{parts[2]}");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    public async Task AnUnsignedTokenIsRefused(string algorithm)
    {
        var parts = Tokens.Create(Start).Split('.');
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","typ":"JWT"}"""));

        await RefusalAsync($"{header}.{parts[1]}.");
        await RefusalAsync($"{header}.{parts[1]}.{parts[2]}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    [InlineData("e30.e30.")]
    [InlineData("e30.e30.e30.e30.e30")]
    public async Task WhatIsNoTokenIsRefused(string text) => await RefusalAsync(text);

    [Theory]
    [InlineData("")]
    [InlineData("anon:guest")]
    public async Task ATokenWhoseSubjectIsNoUserIdIsRefused(string subject) =>
        await RefusalAsync(Tokens.Create(Start, t => t.Claims["sub"] = subject));

    [Fact]
    public async Task ATokenWithoutSubjectOrWithATooLongOneIsRefused()
    {
        await RefusalAsync(Tokens.Create(Start, t => t.Claims.Remove("sub")));
        await RefusalAsync(Tokens.Create(Start, t => t.Claims["sub"] = new string('x', 129)));
    }

    [Fact]
    public async Task TheIssuerIsCheckedWhereOneIsSet()
    {
        var token = Tokens.Create(Start, t => t.Issuer = "https://issuer");

        Assert.Equal(Alice, await ValidateAsync(token, o => o.Issuer = "https://issuer"));
        await RefusalAsync(token, o => o.Issuer = "https://other");
    }

    [Fact]
    public async Task ARefusalShowsNeitherTheTokenNorTheKey()
    {
        var token = Tokens.Create(Start, key: "another-key-of-at-least-32-bytes!!");

        var message = (await RefusalAsync(token)).Message;

        Assert.DoesNotContain(token, message, StringComparison.Ordinal);
        Assert.DoesNotContain(SigningKey, message, StringComparison.Ordinal);
    }

    private Task<UnauthenticatedException> RefusalAsync(string token, Action<AuthenticationOptions>? change = null) =>
        Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(token, change));

    private async Task<PresenceKey> ValidateAsync(string token, Action<AuthenticationOptions>? change = null)
    {
        using var validator = Validators.Create(_clock, change);
        return (await validator.ValidateAsync(token, TestContext.Current.CancellationToken)).User;
    }
}
