namespace Presence.Core.Domain;

/// <summary>The argument of <c>conversation:mode</c>: from now on a conversation is told of changes in another way.</summary>
/// <param name="ConversationId">Which.</param>
/// <param name="Mode">How: <c>names</c> for who has changed, <c>counts</c> for how many are here.</param>
/// <param name="Occupancy">The counts at this moment.</param>
/// <param name="Version">Of the roster that was counted.</param>
public sealed record ModeMessage(string ConversationId, string Mode, Occupancy Occupancy, string Version)
{
    /// <summary>How the conversation of a roster is told now.</summary>
    public static ModeMessage Of(Roster roster) => new(roster.ConversationId, roster.Mode, roster.Occupancy, roster.Version.ToString());
}
