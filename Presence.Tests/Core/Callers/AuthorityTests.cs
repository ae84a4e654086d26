using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Presence.Core.Callers;

namespace Presence.Tests.Core.Callers;

/// <summary>Tokens of an OpenID Connect authority, here a web server that publishes its keys.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "k1" };
    private WebApplication _authority = null!;
    private string _issuer = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _authority = builder.Build();
        _authority.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = _issuer, jwks_uri = _issuer + "/keys" }));
        _authority.MapGet("/keys", () =>
        {
            var parameters = _key.Rsa.ExportParameters(includePrivateParameters: false);
            return Results.Json(new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "RSA", use = "sig", kid = _key.KeyId,
                        n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent),
                    },
                },
            });
        });
        await _authority.StartAsync(TestContext.Current.CancellationToken);
        _issuer = _authority.Urls.Single();
    }

    public ValueTask DisposeAsync() => _authority.DisposeAsync();

    [Fact]
    public async Task ATokenOfTheAuthorityNamesItsUser() => Assert.Equal(Some.Alice, await ValidateAsync(Token(_key, _issuer)));

    [Fact]
    public async Task ATokenOfAnotherIssuerIsRefused() =>
        await Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(Token(_key, "https://elsewhere.example")));

    [Fact]
    public async Task ATokenUnderAKeyThatTheAuthorityDoesNotPublishIsRefused()
    {
        using var rsa = RSA.Create(2048);
        await Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(Token(new RsaSecurityKey(rsa) { KeyId = "k2" }, _issuer)));
    }

    [Fact]
    public async Task ATokenSignedWithThePublicKeyAsASharedOneIsRefused()
    {
        var shared = new SymmetricSecurityKey(_key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = _key.KeyId };
        await Assert.ThrowsAsync<UnauthenticatedException>(
            () => ValidateAsync(Token(shared, _issuer, SecurityAlgorithms.HmacSha256)));
    }

    [Fact]
    public async Task AnAuthorityOutOfReachIsNobodysBadToken()
    {
        var token = Token(_key, _issuer);
        await _authority.StopAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IdentityProviderUnavailableException>(() => ValidateAsync(token));
    }

    private static string Token(SecurityKey key, string issuer, string algorithm = SecurityAlgorithms.RsaSha256) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = Some.Audience,
            Claims = new Dictionary<string, object> { ["sub"] = Some.Alice.Id },
            Expires = Some.Start.UtcDateTime.AddHours(1),
            SigningCredentials = new(key, algorithm),
        });

    private async Task<Presence.Core.Domain.PresenceKey> ValidateAsync(string token)
    {
        var options = Some.Options(o => (o.Authentication.SigningKey, o.Authentication.Authority) = (null, _issuer));
        return await new BearerTokenValidator(Options.Create(options), Some.Clock())
            .ValidateAsync(token, TestContext.Current.CancellationToken);
    }
}
