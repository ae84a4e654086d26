using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>What callers write for what others may know of them.</summary>
internal static class PrivacyValues
{
    private const string Default = "default";

    private const string Nobody = "nobody";

    /// <summary>What the body says.</summary>
    /// <exception cref="InvalidInputException">It says something that there is not, or that this application does not allow.</exception>
    public static PresenceEvent.PrivacyChosen Of(PrivacyRequest body, DateTimeOffset? issuedAt, bool canHideLastSeen) => new(
        body.Visibility switch
        {
            null => null,
            Default => false,
            Nobody => true,
            _ => throw new InvalidInputException("visibility", $"must be {Default} or {Nobody}"),
        },
        body.LastSeen switch
        {
            null => null,
            "exact" => LastSeenPrecision.Exact,
            "coarse" => LastSeenPrecision.Coarse,
            Nobody when canHideLastSeen => LastSeenPrecision.Nobody,
            Nobody => throw new InvalidInputException("lastSeen", "must be exact or coarse: this application does not let users hide it"),
            _ => throw new InvalidInputException("lastSeen", canHideLastSeen ? $"must be exact, coarse or {Nobody}" : "must be exact or coarse"),
        },
        issuedAt);

    /// <summary>The same as an answer.</summary>
    public static PrivacyAnswer ToAnswer(Privacy privacy) => new(
        privacy.IsHidden ? Nobody : Default,
        privacy.LastSeen switch
        {
            LastSeenPrecision.Exact => "exact",
            LastSeenPrecision.Coarse => "coarse",
            LastSeenPrecision.Nobody => Nobody,
            _ => throw new ArgumentOutOfRangeException(nameof(privacy), privacy.LastSeen, "no such precision"),
        });
}
