namespace Presence.Core.Domain;

/// <summary>What statuses are called wherever they are written: in rows, messages and metrics.</summary>
public static class StatusName
{
    private static readonly PresenceStatus[] All = Enum.GetValues<PresenceStatus>();

    /// <summary>The name of a status, in lower case.</summary>
    public static string Of(PresenceStatus status) => status switch
    {
        PresenceStatus.Offline => "offline",
        PresenceStatus.Online => "online",
        PresenceStatus.Away => "away",
    };

    /// <summary>
    /// The status of this name, whatever the case. A name not known here is of a newer version, in the middle of a deployment: it is read as
    /// online. All that is known of it is that its user is neither gone nor away, for those have their names.
    /// </summary>
    public static PresenceStatus Parse(string name)
    {
        foreach (var status in All)
        {
            if (Of(status).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return status;
            }
        }

        return PresenceStatus.Online;
    }
}
