using Presence.Core.Options;

namespace Presence.Chaos;

/// <summary>Settings so short that a minute sees everything happen, and what follows from them.</summary>
internal static class ChaosSettings
{
    public static readonly TimeSpan OfflineAfter = TimeSpan.FromSeconds(6);

    public static readonly TimeSpan ThrottleWindow = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan SessionCacheFor = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Sweep = TimeSpan.FromSeconds(2);

    /// <summary>How often webhooks are sent what they are owed, by each host.</summary>
    public static readonly TimeSpan Webhooks = TimeSpan.FromSeconds(2);

    /// <summary>How long after a change, without faults, everybody must know of it.</summary>
    public static readonly TimeSpan Promise = TimeSpan.FromSeconds(10) + Sweep;

    /// <summary>What a busy machine may add to what is promised.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(3);

    /// <summary>How far before being told offline a successful call proves that the user was active: less the window that the death of an
    /// instance may cost, and a second for its way.</summary>
    public static readonly TimeSpan SurelyActive = OfflineAfter - (ThrottleWindow * 13 / 12) - TimeSpan.FromSeconds(1);

    /// <summary>The settings of every host, as in the environment.</summary>
    public static Dictionary<string, string> Of(string storage, string signalR) => new(StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage"] = storage,
        ["AzureSignalRConnectionString"] = signalR,
        [ScheduleSettings.Sweep] = $"*/{Sweep.TotalSeconds:0} * * * * *",
        [ScheduleSettings.Webhook] = $"*/{Webhooks.TotalSeconds:0} * * * * *",
        [ScheduleSettings.Census] = "0 0 0 1 1 *",
        [ScheduleSettings.Cleanup] = "0 0 0 1 1 *",
        ["Presence__TableName"] = "chaos",
        ["Presence__ShardCount"] = "4",
        ["Presence__OfflineAfter"] = OfflineAfter.ToString(),
        ["Presence__AwayAfter"] = OfflineAfter.ToString(),
        ["Presence__ThrottleWindow"] = ThrottleWindow.ToString(),
        ["Presence__DisconnectGrace"] = "00:00:01",
        ["Presence__ConnectionCheckAfter"] = "00:00:04",
        ["Presence__SessionCacheFor"] = SessionCacheFor.ToString(),
        ["Presence__RosterCacheFor"] = "00:00:00",
        ["Presence__DefaultConversation"] = Population.Lobby,

        // Some are watched by others who share no conversation with them, and the observer shares none with anybody.
        ["Presence__Visibility"] = nameof(Visibility.Everybody),
    };
}
