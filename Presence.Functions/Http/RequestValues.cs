using System.Collections.Immutable;
using System.Globalization;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>Reads ids and numbers from queries, and what headers say of the caller's activity.</summary>
internal static class RequestValues
{
    /// <summary>Whether a call counts as activity: <c>active</c>, as without the header, or <c>passive</c>.</summary>
    public const string ActivityHeader = "Presence-Activity";

    /// <summary>When the activity happened.</summary>
    public const string ActiveAtHeader = "Presence-Active-At";

    /// <summary>What a caller carries from one answer to its next call: see <c>docs/throttle.md</c>.</summary>
    public const string TokenHeader = "Presence-Token";

    /// <summary>Whether the caller holds a connection to the SignalR service itself: <c>true</c>, or <c>false</c> as without the header.</summary>
    public const string ConnectedHeader = "Presence-Connected";

    /// <summary>The most users that one look-up takes.</summary>
    public const int MaxIds = 500;

    /// <summary>The users of <c>?ids=a,b</c>, each once.</summary>
    /// <exception cref="InvalidInputException">None, too many, or one that is no id.</exception>
    public static IReadOnlyList<PresenceKey> Ids(HttpRequest request)
    {
        var ids = request.Query["ids"].SelectMany(value => (value ?? "").Split(',')).Where(id => id.Length > 0).ToList();
        return ids.Count is 0 or > MaxIds
            ? throw new InvalidInputException("ids", $"must name 1 to {MaxIds} users, separated by commas; it names {ids.Count}")
            : [.. ids.Select(id => PresenceKey.Parse(id, "ids")).Distinct()];
    }

    /// <summary>The users of a list in a body, each once; what is wrong in one is named by its place: <c>ids[3]</c>.</summary>
    /// <exception cref="InvalidInputException">Too many, or one that is no id.</exception>
    public static ImmutableArray<PresenceKey> Ids(ImmutableArray<string> ids, string field) => ids.Length > MaxIds
        ? throw new InvalidInputException(field, $"must name at most {MaxIds} users; it names {ids.Length}")
        : [.. ids.Select((id, i) => PresenceKey.Parse(id, $"{field}[{i}]")).Distinct()];

    /// <summary>When the answer was read of which <c>?since=</c> is the version; null where it is not there.</summary>
    /// <exception cref="InvalidInputException">It is no version, or there more than once.</exception>
    public static DateTimeOffset? ReadingSince(HttpRequest request) => ReadingSince(Once(request, "since"));

    /// <summary>The same of a body.</summary>
    /// <exception cref="InvalidInputException">It is no version.</exception>
    public static DateTimeOffset? ReadingSince(string? since) => string.IsNullOrEmpty(since) ? null : PresenceReading.ParseVersion(since, "since");

    /// <summary>The user of <c>?userId=</c>.</summary>
    /// <exception cref="InvalidInputException">It is no id, there more than once, or <c>?ids=</c> is there as well.</exception>
    public static PresenceKey SingleUser(HttpRequest request) => request.Query.ContainsKey("ids")
        ? throw new InvalidInputException("userId", "and ids exclude each other")
        : PresenceKey.Parse(PathIds.FromQuery(request, "userId"));

    /// <summary>A text of the query; empty if it is not there.</summary>
    /// <exception cref="InvalidInputException">It is there more than once.</exception>
    public static string Once(HttpRequest request, string name) => request.Query[name] is { Count: <= 1 } value
        ? value.ToString()
        : throw new InvalidInputException(name, "must be given once");

    /// <summary>A whole number of the query, or its default.</summary>
    /// <exception cref="InvalidInputException">No number, out of range, or there more than once.</exception>
    public static int Number(HttpRequest request, string name, int least, int most, int otherwise) =>
        Once(request, name) is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidInputException(name, $"must be a whole number from {least} to {most}");

    /// <summary>The version that the caller has; null where it brings none.</summary>
    /// <exception cref="InvalidInputException">It cannot be one, or is there more than once.</exception>
    public static RosterVersion? Since(HttpRequest request) =>
        Once(request, "since") is { Length: > 0 } text ? RosterVersion.Parse(text, "since") : null;

    /// <summary>The version of the page before; null where the caller brings none.</summary>
    /// <exception cref="InvalidInputException">It cannot be one, or is there more than once.</exception>
    public static RosterVersion? PageBefore(HttpRequest request) =>
        Once(request, "version") is { Length: > 0 } text ? RosterVersion.ParseOpen(text, "version") : null;

    /// <summary>Whether the call is to be no sign of activity.</summary>
    /// <exception cref="InvalidInputException">The header is there more than once, or says neither <c>active</c> nor <c>passive</c>.</exception>
    public static bool IsPassive(HttpRequest request) => OnceInHeader(request, ActivityHeader) switch
    {
        null => false,
        { } text when text.Equals("active", StringComparison.OrdinalIgnoreCase) => false,
        { } text when text.Equals("passive", StringComparison.OrdinalIgnoreCase) => true,
        _ => throw new InvalidInputException(ActivityHeader, "must be active or passive"),
    };

    /// <summary>When the caller was active, if it says so.</summary>
    /// <exception cref="InvalidInputException">The header is there more than once, or is no moment.</exception>
    public static DateTimeOffset? ActiveAt(HttpRequest request) =>
        OnceInHeader(request, ActiveAtHeader) is { } text ? Iso8601.Parse(text, ActiveAtHeader) : null;

    /// <summary>Whether the caller says that it holds a connection.</summary>
    /// <exception cref="InvalidInputException">The header is there more than once, or says neither <c>true</c> nor <c>false</c>.</exception>
    public static bool IsConnected(HttpRequest request) => OnceInHeader(request, ConnectedHeader) switch
    {
        null => false,
        { } text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        { } text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => throw new InvalidInputException(ConnectedHeader, "must be true or false"),
    };

    /// <summary>The throttle token that the caller brings, whatever it is; null if there is none.</summary>
    /// <exception cref="InvalidInputException">The header is there more than once.</exception>
    public static string? Token(HttpRequest request) => OnceInHeader(request, TokenHeader);

    /// <summary>When the user was active before negotiating, if the client says so.</summary>
    /// <exception cref="InvalidInputException">The field is no moment.</exception>
    public static DateTimeOffset? ActiveAt(NegotiateRequest request) =>
        request.ActiveAt is { } text ? Iso8601.Parse(text, "activeAt") : null;

    private static string? OnceInHeader(HttpRequest request, string name) => request.Headers[name] is { Count: <= 1 } value
        ? value.Count == 0 ? null : value.ToString()
        : throw new InvalidInputException(name, "must be given once");
}
