
namespace Presence.Core.Options;

/// <summary>
/// How bearer tokens are checked: by an OpenID Connect authority, or by a shared HS256 key. Exactly one of the two must be set.
/// </summary>
public sealed class AuthenticationOptions
{
    /// <summary>The authority whose <c>/.well-known/openid-configuration</c> names the keys; an https URL.</summary>
    public string? Authority { get; set; }

    /// <summary>The shared HS256 key as UTF-8 text: 32 bytes or more.</summary>
    public string? SigningKey { get; set; }

    /// <summary>The <c>aud</c> every token must carry. Required.</summary>
    public string? Audience { get; set; }

    /// <summary>
    /// The <c>iss</c> every token must carry, exactly. Empty: with an authority, the one that its discovery document names; with a shared
    /// key, any.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The claim that holds the user id, a JSON string. Default <c>sub</c>.</summary>
    public string UserIdClaim { get; set; } = "sub";

    /// <summary>How far clocks may differ when a token's lifetime is checked. 0 to 10 min; default 30 s.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);
}
