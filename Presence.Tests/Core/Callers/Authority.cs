using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Tests.Core.Callers;

/// <summary>An OpenID Connect authority on this machine, with a key that can be replaced.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly TaskCompletionSource _fetchedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RsaSecurityKey _key = NewKey();
    private int _fetches;

    private Authority(WebApplication server) => _server = server;

    public string Url => _server.Urls.First();

    /// <summary>Ends with the second request for the keys.</summary>
    public Task KeysFetchedAgain => _fetchedAgain.Task;

    public static async Task<Authority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new Authority(builder.Build());
        authority._server.MapGet("/.well-known/openid-configuration", () => Results.Json(
            new Dictionary<string, string> { ["issuer"] = authority.Url, ["jwks_uri"] = authority.Url + "/keys" }));
        authority._server.MapGet("/keys", () => authority.AnswerKeys());
        await authority._server.StartAsync(TestContext.Current.CancellationToken);
        return authority;
    }

    public void ReplaceKey() => _key = NewKey();

    /// <summary>A token in force by any clock.</summary>
    public string Token(string? issuer = null) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Url,
            Audience = Some.Audience,
            Expires = Some.Start.UtcDateTime + TimeSpan.FromDays(1),
            Claims = new Dictionary<string, object> { ["sub"] = "alice" },
            SigningCredentials = new(_key, SecurityAlgorithms.RsaSha256),
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private IResult AnswerKeys()
    {
        if (Interlocked.Increment(ref _fetches) == 2)
        {
            _fetchedAgain.SetResult();
        }

        return Results.Json(new { keys = new[] { PublicKey() } });
    }

    private Dictionary<string, string> PublicKey()
    {
        var parameters = _key.Rsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA", ["use"] = "sig", ["kid"] = _key.KeyId,
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus), ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }

    private static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };
}
