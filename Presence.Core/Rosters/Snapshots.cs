using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Engine;

namespace Presence.Core.Rosters;

/// <summary>Makes snapshots.</summary>
public sealed class Snapshots(RosterReader rosters, PresenceReader reader)
{
    /// <summary>The conversations and users given, as they are at the moment of the call or later: never from memory.</summary>
    public async Task<Snapshot> TakeAsync(
        ImmutableArray<string> conversations, IReadOnlyList<PresenceKey> watched, CancellationToken cancellationToken)
    {
        var parts = ImmutableArray.CreateBuilder<ConversationSnapshot>(conversations.Length);
        foreach (var conversation in conversations)
        {
            parts.Add(ConversationSnapshot.Of(await rosters.ReadFreshAsync(conversation, cancellationToken)));
        }

        return new(parts.MoveToImmutable(), [.. await reader.ReadAsync(watched, cancellationToken)]);
    }
}
