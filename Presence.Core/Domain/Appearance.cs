namespace Presence.Core.Domain;

/// <summary>
/// How a user who is here appears to others. As Microsoft Graph has it (cloud communications, "Presence states and precedence"): what the user
/// has chosen counts before what its sessions say; of what these and the application say, do not disturb counts before busy, busy before
/// available, available before away.
/// </summary>
/// <param name="Availability">How reachable it is.</param>
/// <param name="Text">The line of text; null for none.</param>
/// <param name="Emoji">The emoji; null for none.</param>
/// <param name="IsMobile">Whether it is here by mobile devices alone.</param>
internal readonly record struct Appearance(Availability Availability, string? Text, string? Emoji, bool IsMobile)
{
    /// <summary>Of one who is not here, or wants to be taken for that.</summary>
    public static Appearance Offline => default;

    /// <summary>How a user appears by its record, and by that alone: what time ends is in force until it is taken out.</summary>
    public static Appearance Of(OnlineRecord online)
    {
        var (own, application) = (online.Choice, online.ApplicationChoice);
        return IsUnseen(online)
            ? Offline
            : new(AvailabilityOf(online.Status, own, application), own?.Text ?? application?.Text, own?.Emoji ?? application?.Emoji,
                IsHereByMobile(online));
    }

    /// <summary>Whether a user who is here wants to be taken for gone.</summary>
    public static bool IsUnseen(OnlineRecord online) => online.Choice?.Availability == ChosenAvailability.Invisible || online.Privacy.IsHidden;

    /// <summary>Whoever is about to leave is here by what closed last, so that a reload is no news; without any connection nothing is known of devices.</summary>
    private static bool IsHereByMobile(OnlineRecord online) =>
        (!online.Connections.Open.IsEmpty || (online.LastClosedAt is not null && !online.Connections.Closed.IsEmpty)) && online.Connections.AreMobile;

    private static Availability AvailabilityOf(PresenceStatus sessions, Choice? own, Choice? application) =>
        Meant(own) ?? (Availability)Math.Max((int)AvailabilityName.Implied(sessions), (int)(Meant(application) ?? Availability.Offline));

    private static Availability? Meant(Choice? choice) => choice?.Availability switch
    {
        null or ChosenAvailability.Automatic => null,
        ChosenAvailability.Available => Availability.Available,
        ChosenAvailability.Busy => Availability.Busy,
        ChosenAvailability.DoNotDisturb => Availability.DoNotDisturb,
        ChosenAvailability.Away => Availability.Away,
        ChosenAvailability.Invisible => Availability.Offline,
        _ => throw new InvalidOperationException($"There is no availability {choice.Availability}."),
    };
}
