namespace Presence.Core.Domain;

/// <summary>The argument of <c>conversation:counts</c>: a large conversation has changed.</summary>
/// <param name="ConversationId">Which.</param>
/// <param name="Members">How many its roster names.</param>
/// <param name="Online">How many of them are online.</param>
/// <param name="Away">How many of them are away.</param>
/// <param name="Version">Of the roster that was counted.</param>
public sealed record CountsMessage(string ConversationId, int Members, int Online, int Away, string Version)
{
    /// <summary>The counts of a roster.</summary>
    public static CountsMessage Of(Roster roster) => new(
        roster.ConversationId, roster.Occupancy.Members, roster.Occupancy.Online, roster.Occupancy.Away, roster.Version.ToString());
}
