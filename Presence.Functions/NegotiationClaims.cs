using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using Presence.Core.Domain;

namespace Presence.Functions;

/// <summary>
/// What a client said when negotiating, and when that was. It travels in the token for connecting, as claims, and comes back with the
/// connection's events.
/// </summary>
/// <param name="NegotiatedAt">When that was; null where an older version negotiated.</param>
/// <param name="ActiveAt">When the user was last active, by its client; null where it does not say.</param>
/// <param name="Watched">The users that the connection watches.</param>
/// <param name="Device">Where the client runs; null where it does not say.</param>
public sealed record NegotiationClaims(
    DateTimeOffset? NegotiatedAt, DateTimeOffset? ActiveAt, ImmutableArray<PresenceKey> Watched, Device? Device = null)
{
    /// <summary>The longest that a connection lasts: what the service's own tokens may be made to last without a word.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    private const string NegotiatedAtClaim = "presence.negotiated_at";
    private const string ActiveAtClaim = "presence.active_at";
    private const string DeviceClaim = "presence.device";
    private const string DeviceIdClaim = "presence.device_id";
    private const string ForegroundClaim = "presence.foreground";

    /// <summary>The claims of the token. Moments are Unix milliseconds.</summary>
    public IReadOnlyDictionary<string, string> ToClaims()
    {
        var claims = new Dictionary<string, string>(WatchList.ToClaims(Watched));
        Add(NegotiatedAtClaim, NegotiatedAt);
        Add(ActiveAtClaim, ActiveAt);
        AddText(DeviceIdClaim, Device?.Id);
        AddText(DeviceClaim, Device?.Kind is { } kind ? Uri.EscapeDataString(kind) : null);
        AddText(ForegroundClaim, Device?.IsForeground is { } isForeground ? isForeground ? "true" : "false" : null);
        return claims;

        void Add(string name, DateTimeOffset? moment) => AddText(name, moment?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

        void AddText(string name, string? text)
        {
            if (text is not null)
            {
                claims[name] = text;
            }
        }
    }

    /// <summary>Reads the claims of a connection.</summary>
    public static NegotiationClaims Of(IDictionary<string, StringValues>? claims)
    {
        return new(Moment(NegotiatedAtClaim), Moment(ActiveAtClaim), WatchList.FromClaims(claims), DeviceOf());

        Device? DeviceOf()
        {
            var (id, kind, isForeground) = (Text(DeviceIdClaim), Text(DeviceClaim), Text(ForegroundClaim));
            return (id, kind, isForeground) is (null, null, null)
                ? null
                : new(id, kind is null ? null : Uri.UnescapeDataString(kind), isForeground is null ? null : isForeground == "true");
        }

        string? Text(string name) => claims is not null && claims.TryGetValue(name, out var value) ? value.ToString() : null;

        DateTimeOffset? Moment(string name) =>
            Text(name) is { } text
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : null;
    }
}
