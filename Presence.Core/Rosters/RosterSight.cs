using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Rosters;

/// <summary>Rosters as one viewer may see them. Most are alike for everybody, and cost nothing more.</summary>
public sealed class RosterSight(RosterReader rosters, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The roster for a viewer, in its counts as well: one request more for each conversation that the viewer has blocked.</summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="viewing">Its records.</param>
    /// <param name="roster">The roster as it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async ValueTask<Roster> SeenByAsync(PresenceKey viewer, UserRecords viewing, Roster roster, CancellationToken cancellationToken)
    {
        if (IsAlike(viewing, roster))
        {
            return roster;
        }

        var hidden = await BlockedAsync(viewing, rosters.ReadAsync, cancellationToken);
        return VisibilityRules.RosterOf(viewer, viewing, roster, hidden.Contains, options.Value, time.GetUtcNow());
    }

    /// <summary>
    /// Several rosters for a viewer, by who is in the conversations that it has blocked at the moment of the call or later, never from memory: who has
    /// just left one of them is seen. One request more for each of these.
    /// </summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="viewing">Its records.</param>
    /// <param name="read">The rosters as they are.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async ValueTask<IReadOnlyList<Roster>> SeenNowAsync(
        PresenceKey viewer, UserRecords viewing, IReadOnlyList<Roster> read, CancellationToken cancellationToken)
    {
        if (read.All(roster => IsAlike(viewing, roster)))
        {
            return read;
        }

        var hidden = await BlockedAsync(viewing, rosters.ReadFreshAsync, cancellationToken);
        return
        [
            .. read.Select(roster => IsAlike(viewing, roster)
                ? roster
                : VisibilityRules.RosterOf(viewer, viewing, roster, hidden.Contains, options.Value, time.GetUtcNow())),
        ];
    }

    /// <summary>Whether the viewer sees a roster as everybody does.</summary>
    private bool IsAlike(UserRecords viewing, Roster roster) => roster.IsForAll && !VisibilityRules.IsLimited(viewing, options.Value);

    /// <summary>Who is in a conversation that the viewer has blocked.</summary>
    private static async Task<HashSet<string>> BlockedAsync(
        UserRecords viewing, Func<string, CancellationToken, Task<Roster>> read, CancellationToken cancellationToken)
    {
        HashSet<string> blocked = new(StringComparer.Ordinal);
        foreach (var conversation in viewing.Relations.BlockedConversations)
        {
            blocked.UnionWith((await read(conversation, cancellationToken)).Members.Select(member => member.UserId));
        }

        return blocked;
    }
}
