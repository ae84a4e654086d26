using System.Text.Json;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rosters;

namespace Presence.Core.Live;

/// <summary>Shows what members of conversations are doing at this moment to the others. Nothing of it is stored.</summary>
public sealed class LiveStates
{
    /// <summary>How many states a user may show in a second, on one instance, in all its conversations together.</summary>
    public const int MostPerSecond = 10;

    private readonly LiveMembers _members;
    private readonly LiveMessages _messages;

    internal LiveStates(LiveMembers members, LiveMessages messages) => (_members, _messages) = (members, messages);

    /// <summary>
    /// Tells a state to a conversation, without waiting for that. Whoever is not seen is answered alike, and not told of.
    /// </summary>
    /// <param name="user">Whose state it is.</param>
    /// <param name="conversationId">Where it is shown.</param>
    /// <param name="state">Any JSON, in valid Unicode; null takes back what was shown before.</param>
    /// <param name="ttl">How long it holds.</param>
    /// <param name="cancellationToken">Ends the wait for the storage.</param>
    /// <exception cref="RateLimitedException">The user shows too many.</exception>
    /// <exception cref="ForbiddenException">The user is not in the conversation, or there is no such conversation.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<LiveState> TellAsync(
        PresenceKey user, string conversationId, JsonElement state, TimeSpan ttl, CancellationToken cancellationToken)
    {
        // First of all, so that whoever may not speak here cannot have the storage asked without end either.
        var member = _members.Of(user);
        if (!member.TryTake())
        {
            throw new RateLimitedException($"A user shows at most {MostPerSecond} states in a second.", TimeSpan.FromSeconds(1));
        }

        var standing = await member.StandingAsync(cancellationToken);
        if (!standing.IsIn(conversationId))
        {
            throw new ForbiddenException("You are not in this conversation.");
        }

        var told = new LiveState
        {
            ConversationId = conversationId,
            UserId = user.ToString(),
            IsAnonymous = user.IsAnonymous,
            State = state,
            TtlSeconds = ttl.TotalSeconds,
            Version = member.NextVersion(),
        };
        if (standing.IsSeen)
        {
            _ = _messages.TellAsync(member, told);
        }

        return told;
    }
}
