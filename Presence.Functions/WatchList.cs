using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;
using Presence.Core.Domain;

namespace Presence.Functions;

/// <summary>
/// The users a client wants to be told of beside those in common conversations. They are named when negotiating, travel as a claim of the
/// connection, and come back with its connected event.
/// </summary>
public static class WatchList
{
    /// <summary>The most users one connection watches: their ids travel in its access token, which is part of a URL.</summary>
    public const int MaxUsers = 20;

    /// <summary>The most characters of their ids together, as they travel: the service refuses tokens above 4 KB.</summary>
    public const int MaxLength = 1_500;

    private const string Claim = "presence.watch";

    /// <summary>Checks what a client asks for.</summary>
    /// <exception cref="InvalidInputException">Too many, or one that is no id.</exception>
    public static ImmutableArray<PresenceKey> Parse(ImmutableArray<string> ids) => ids.Length > MaxUsers
        ? throw new InvalidInputException("watch", $"must name at most {MaxUsers} users; it names {ids.Length}")
        : Short([.. ids.Select(id => PresenceKey.Parse(id, "watch")).Distinct()]);

    /// <summary>The claim that carries the list.</summary>
    public static IReadOnlyDictionary<string, string> ToClaims(ImmutableArray<PresenceKey> watched) => watched.IsEmpty
        ? ImmutableDictionary<string, string>.Empty
        : new Dictionary<string, string> { [Claim] = ToText(watched) };

    private static ImmutableArray<PresenceKey> Short(ImmutableArray<PresenceKey> watched) => ToText(watched).Length > MaxLength
        ? throw new InvalidInputException("watch", $"must be at most {MaxLength} characters long, all ids together and percent-encoded")
        : watched;

    private static string ToText(IEnumerable<PresenceKey> watched) => string.Join(' ', watched.Select(SignalRUserId.Of));

    /// <summary>The list of a connection.</summary>
    public static ImmutableArray<PresenceKey> FromClaims(IDictionary<string, StringValues>? claims) =>
        claims is not null && claims.TryGetValue(Claim, out var value)
            ? [.. value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(SignalRUserId.Parse)]
            : [];
}
