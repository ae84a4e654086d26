using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Tests.Core.Callers;

/// <summary>An OpenID Connect authority on this machine, with keys that can be replaced.</summary>
internal sealed class Authority : IAsyncDisposable
{
    public const string Discovery = "/.well-known/openid-configuration";
    public const string Keys = "/keys";

    private readonly WebApplication _server;
    private readonly RSA _strangers = RSA.Create(2048);
    private int _fetches;

    private Authority(WebApplication server) => _server = server;

    public string Url => _server.Urls.First();

    /// <summary>The keys it publishes; tokens are signed by the last.</summary>
    public RsaSecurityKey[] Published { get; set; } = [NewKey()];

    /// <summary>What else it says of a key.</summary>
    public Dictionary<string, string> KeyParameters { get; } = [];

    /// <summary>What it answers instead of its own document; null from this for its own.</summary>
    public Func<HttpContext, Task<IResult?>> Instead { get; set; } = _ => Task.FromResult<IResult?>(null);

    /// <summary>How often its discovery document was asked for.</summary>
    public int Fetches => Volatile.Read(ref _fetches);

    public static async Task<Authority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new Authority(builder.Build());
        authority._server.MapGet(Discovery, context => authority.AnswerAsync(
            context, () => new Dictionary<string, string> { ["issuer"] = authority.Url, ["jwks_uri"] = authority.Url + Keys }));
        authority._server.MapGet(Keys, context => authority.AnswerAsync(
            context, () => new Dictionary<string, object> { ["keys"] = authority.Published.Select(authority.PublicKey).ToArray() }));
        await authority._server.StartAsync(TestContext.Current.CancellationToken);
        return authority;
    }

    public static RsaSecurityKey NewKey(string? keyId = null) => new(RSA.Create(2048)) { KeyId = keyId ?? Guid.NewGuid().ToString("N") };

    public void ReplaceKey() => Published = [NewKey()];

    /// <summary>A token in force by any clock.</summary>
    public string Token(string? issuer = null, string algorithm = SecurityAlgorithms.RsaSha256) => Token(Published[^1], issuer, algorithm);

    /// <summary>A stranger's token: all in order but the key, of which nobody has heard.</summary>
    public string Forged() => Token(new RsaSecurityKey(_strangers) { KeyId = Guid.NewGuid().ToString("N") });

    public string Token(SecurityKey key, string? issuer = null, string algorithm = SecurityAlgorithms.RsaSha256) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Url,
            Audience = Some.Audience,
            Expires = Some.Start.UtcDateTime + TimeSpan.FromDays(1),
            Claims = new Dictionary<string, object> { ["sub"] = "alice" },
            SigningCredentials = new(key, algorithm),
        });

    /// <summary>From now on no request for this path is answered until the gate opens.</summary>
    public Gate Hold(string path)
    {
        var gate = new Gate();
        Instead = context => context.Request.Path == path ? gate.PassAsync(context.RequestAborted) : Task.FromResult<IResult?>(null);
        return gate;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync<T>(HttpContext context, Func<T> own)
    {
        if (context.Request.Path == Discovery)
        {
            Interlocked.Increment(ref _fetches);
        }

        await (await Instead(context) ?? Results.Json(own())).ExecuteAsync(context);
    }

    private Dictionary<string, string> PublicKey(RsaSecurityKey key)
    {
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        var published = new Dictionary<string, string>(KeyParameters)
        {
            ["kty"] = "RSA", ["use"] = "sig",
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus), ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
        if (key.KeyId.Length > 0)
        {
            published["kid"] = key.KeyId;
        }

        return published;
    }

    /// <summary>Where requests stop.</summary>
    internal sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when the first request is here.</summary>
        public Task Reached => _reached.Task.WaitAsync(TestContext.Current.CancellationToken);

        public void Open() => _open.TrySetResult();

        public async Task<IResult?> PassAsync(CancellationToken aborted)
        {
            _reached.TrySetResult();
            await _open.Task.WaitAsync(aborted);
            return null;
        }
    }
}
