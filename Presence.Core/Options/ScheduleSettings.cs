using Microsoft.Extensions.Configuration;

namespace Presence.Core.Options;

/// <summary>
/// The app settings that hold the schedules. Unlike all others they are not nested in the section <c>Presence</c>: what wakes a sleeping
/// function app reads them outside of it, and does not know nested names (Azure/azure-functions-host#8649).
/// </summary>
public static class ScheduleSettings
{
    /// <summary>Of <see cref="PresenceOptions.SweepSchedule"/>.</summary>
    public const string Sweep = "PresenceSweepSchedule";

    /// <summary>Of <see cref="PresenceOptions.CleanupSchedule"/>.</summary>
    public const string Cleanup = "PresenceCleanupSchedule";

    /// <summary>Of <see cref="PresenceOptions.CensusSchedule"/>.</summary>
    public const string Census = "PresenceCensusSchedule";

    /// <summary>Of <see cref="PresenceOptions.TruthSchedule"/>.</summary>
    public const string Truth = "PresenceTruthSchedule";

    /// <summary>Of <see cref="PresenceOptions.WebhookSchedule"/>.</summary>
    public const string Webhook = "PresenceWebhookSchedule";

    /// <summary>What is said of a schedule in the section: the functions would not run by it.</summary>
    internal const string Misplaced =
        $"Schedules do not stand in the section {PresenceOptions.Section}: set {Sweep}, {Cleanup}, {Census}, {Truth} and {Webhook}.";

    internal static void Apply(PresenceOptions options, IConfiguration configuration)
    {
        options.SweepSchedule = configuration[Sweep] ?? options.SweepSchedule;
        options.CleanupSchedule = configuration[Cleanup] ?? options.CleanupSchedule;
        options.CensusSchedule = configuration[Census] ?? options.CensusSchedule;
        options.WebhookSchedule = configuration[Webhook] ?? options.WebhookSchedule;
        options.TruthSchedule = configuration[Truth] ?? options.TruthSchedule;
    }

    internal static bool AreMisplaced(IConfigurationSection section) =>
        section[nameof(PresenceOptions.SweepSchedule)] is not null
        || section[nameof(PresenceOptions.CleanupSchedule)] is not null
        || section[nameof(PresenceOptions.CensusSchedule)] is not null
        || section[nameof(PresenceOptions.WebhookSchedule)] is not null
        || section[nameof(PresenceOptions.TruthSchedule)] is not null;
}
