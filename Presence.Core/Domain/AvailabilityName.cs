namespace Presence.Core.Domain;

/// <summary>What availabilities are called wherever they are written, and what they come to in statuses.</summary>
public static class AvailabilityName
{
    private static readonly Availability[] Shown = Enum.GetValues<Availability>();

    private static readonly ChosenAvailability[] Chosen = Enum.GetValues<ChosenAvailability>();

    /// <summary>The name of an availability, in camel case.</summary>
    public static string Of(Availability availability) => availability switch
    {
        Availability.Offline => "offline",
        Availability.Away => "away",
        Availability.Available => "available",
        Availability.Busy => "busy",
        Availability.DoNotDisturb => "doNotDisturb",
    };

    /// <summary>The name of a chosen one, in camel case.</summary>
    public static string Of(ChosenAvailability availability) => availability switch
    {
        ChosenAvailability.Automatic => "automatic",
        ChosenAvailability.Available => "available",
        ChosenAvailability.Busy => "busy",
        ChosenAvailability.DoNotDisturb => "doNotDisturb",
        ChosenAvailability.Away => "away",
        ChosenAvailability.Invisible => "invisible",
    };

    /// <summary>The availability of this name; null for none, and for one of a newer version.</summary>
    public static Availability? Find(string? name)
    {
        var index = Array.FindIndex(Shown, one => Of(one) == name);
        return index < 0 ? null : Shown[index];
    }

    /// <summary>The chosen one of this name; null where there is none.</summary>
    public static ChosenAvailability? FindChosen(string? name)
    {
        var index = Array.FindIndex(Chosen, one => Of(one) == name);
        return index < 0 ? null : Chosen[index];
    }

    /// <summary>What a status says of availability by itself.</summary>
    public static Availability Implied(PresenceStatus status) => status switch
    {
        PresenceStatus.Offline => Availability.Offline,
        PresenceStatus.Away => Availability.Away,
        PresenceStatus.Online => Availability.Available,
    };

    /// <summary>What an availability is for those who know statuses only.</summary>
    public static PresenceStatus StatusOf(Availability availability) => availability switch
    {
        Availability.Offline => PresenceStatus.Offline,
        Availability.Away => PresenceStatus.Away,
        Availability.Available or Availability.Busy or Availability.DoNotDisturb => PresenceStatus.Online,
    };
}
