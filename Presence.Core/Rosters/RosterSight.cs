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
        if (roster.IsForAll && !VisibilityRules.IsLimited(viewing, options.Value))
        {
            return roster;
        }

        HashSet<string> hidden = new(StringComparer.Ordinal);
        foreach (var conversation in viewing.Relations.BlockedConversations)
        {
            hidden.UnionWith((await rosters.ReadAsync(conversation, cancellationToken)).Members.Select(member => member.UserId));
        }

        return VisibilityRules.RosterOf(viewer, viewing, roster, hidden.Contains, options.Value, time.GetUtcNow());
    }
}
