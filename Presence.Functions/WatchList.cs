using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;

namespace Presence.Functions;

/// <summary>
/// The users a client wants to be told of beside those in common conversations. They are named when negotiating, travel as a claim of the
/// connection, and come back with its connected event.
/// </summary>
public sealed class WatchList(PresenceEngine engine)
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

    /// <summary>Only the changes of users that somebody watches are sent to their groups.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task MarkAsync(ImmutableArray<PresenceKey> watched, CancellationToken cancellationToken)
    {
        foreach (var user in watched)
        {
            await engine.ApplyAsync(user, new PresenceEvent.Watched(), cancellationToken);
        }
    }
}
