using System.Collections.Immutable;
using Presence.Core.Conversations;
using Presence.Core.Domain;

namespace Presence.Core.Broadcast;

/// <summary>Makes snapshots.</summary>
public sealed class Snapshots(Rosters rosters, PresenceReader reader)
{
    /// <summary>The conversations and users given, as they are now.</summary>
    public async Task<Snapshot> TakeAsync(
        ImmutableArray<string> conversations, IReadOnlyList<PresenceKey> watched, CancellationToken cancellationToken)
    {
        var parts = ImmutableArray.CreateBuilder<ConversationSnapshot>(conversations.Length);
        foreach (var conversation in conversations)
        {
            parts.Add(ConversationSnapshot.Of(await rosters.ReadAsync(conversation, cancellationToken)));
        }

        return new(parts.MoveToImmutable(), [.. await reader.ReadAsync(watched, cancellationToken)]);
    }
}
