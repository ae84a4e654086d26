using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Live;

/// <summary>What decides on whether a user's state is told.</summary>
/// <param name="Conversations">Those it is in.</param>
/// <param name="IsSeen">Whether others see it as being here.</param>
/// <param name="Relations">What the application has said of who may hear of it.</param>
/// <param name="Revision">Rises with each change of the first two.</param>
internal sealed record Standing(ImmutableArray<string> Conversations, bool IsSeen, Relations Relations, long Revision)
{
    public static Standing Of(UserRecords records) =>
        new(records.ListensTo, records.Status != PresenceStatus.Offline, records.Relations, records.Revision);

    public bool IsIn(string conversationId) => Conversations.Contains(conversationId);

    /// <summary>Whether both decide alike.</summary>
    public bool IsLike(Standing other) => IsSeen == other.IsSeen && Relations == other.Relations && Conversations.SequenceEqual(other.Conversations);
}
