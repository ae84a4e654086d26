using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Simulation.Operations;
using Presence.Simulation.World;

namespace Presence.Simulation.Storage;

/// <summary>A change of a user's records at the moment at which storage made it.</summary>
/// <param name="By">On behalf of which operation; null for none.</param>
/// <param name="User">Whose records.</param>
/// <param name="Before">The records before it.</param>
/// <param name="After">The records after it.</param>
/// <param name="Owed">What is kept with it, to be done for others.</param>
/// <param name="DecidedAt">When the records on which it was decided were read.</param>
/// <param name="At">When storage made it.</param>
internal sealed record Commit(
    Operation? By, User User, UserRecords Before, UserRecords After, StoredDuty? Owed, TimeSpan DecidedAt, TimeSpan At)
{
    /// <summary>Whether others are told another status now.</summary>
    public bool IsOfStatus => Before.Status != After.Status;

    /// <summary>Whether connections and activity say another status now, whatever others are told.</summary>
    public bool IsOfSession => Before.SessionStatus != After.SessionStatus;

    /// <summary>Whether something else is chosen now, by whomever.</summary>
    public bool IsOfChoice => (Before.Choice, Before.ApplicationChoice) != (After.Choice, After.ApplicationChoice);

    /// <summary>Whether others may see something else of the user now, or it of them, by what it or the backend says.</summary>
    public bool IsOfSight => Before.Privacy != After.Privacy || !AreAlike(Before.Relations, After.Relations);

    /// <summary>For the trace.</summary>
    public override string ToString() =>
        $"{User.Name}: {Text(Before)} -> {Text(After)}" + (Owed is null ? "" : $", owes {Text(Owed.Duty)}");

    private static bool AreAlike(Relations one, Relations other) => Text(one) == Text(other);

    private static string Text(Relations relations) =>
        Listed("seen by", relations.SeenBy.Select(u => u.ToString())) + Listed("sees", relations.Sees.Select(u => u.ToString()))
        + Listed("seen in", relations.SeenIn) + Listed("blocks", relations.Blocks.Select(b => b.Other.ToString()))
        + Listed("blocks all in", relations.BlockedConversations) + Listed("guarded in", relations.Guarded);

    private static string Listed(string what, IEnumerable<string> names) =>
        string.Join(' ', names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? $" {what} [{list}]" : "";

    private static string Text(Privacy privacy) => privacy == Privacy.Default ? "" : $" tells {privacy.LastSeen}{(privacy.IsHidden ? " hidden" : "")}";

    private static string Text(UserRecords records) => records.Online is { } online
        ? $"{online.Status} v{Seconds(online.Version)} active {Seconds(online.LastActiveAt)} recorded {Seconds(online.RecordedAt)}"
            + $" due {Seconds(online.DueAt)}"
            + (online.LastClosedAt is { } closed ? $" closed {Seconds(closed)}" : "")
            + $" connections [{string.Join(' ', online.Connections.Open.Select(c => c.Id))}] in [{string.Join(' ', records.Rosters)}]{Chosen(records)}"
        : records.Profile is { } profile
            ? (profile.ErasedAt is { } erased ? $"erased {Seconds(erased)}" : "Offline") + $" v{Seconds(profile.Version)}"
                + $" seen {Seconds(profile.LastSeenAt)} left {Seconds(profile.LeftAt)}"
                + (profile.SignedOutAt is { } signedOut ? $" signed out {Seconds(signedOut)}" : "")
                + (profile.BannedUntil is { } banned ? $" banned until {Seconds(banned)}" : "")
                + $" in [{string.Join(' ', records.Rosters)}]{Chosen(records)}"
            : "unknown";

    private static string Chosen(UserRecords records) =>
        Text(records.Privacy) + Text(records.Relations) + (records.Choice is { } own ? $" chosen {Text(own)}" : "") + (records.ApplicationChoice is { } other ? $" chosen for it {Text(other)}" : "");

    private static string Text(Choice choice) => $"{choice.Availability} '{choice.Text}'" + (choice.Until is { } until ? $" until {Seconds(until)}" : "");

    private static string Text(Duty duty) =>
        (duty.News is { } news ? $"news({news.View.Status} to {string.Join(' ', news.Conversations)}{(news.IsWatched ? " and watchers" : "")}{news.Only}{news.OnlyMembersOf}{news.FarewellIn}) " : "")
        + (duty.IsToldToOneself ? "itself " : "")
        + (duty.IsWelcome ? "welcome " : "") + (duty.Closes ? "close " : "")
        + (duty.Connections.IsEmpty ? "" : $"connections({string.Join(' ', duty.Connections)}) ")
        + (duty.Entered.IsEmpty ? "" : $"enter({string.Join(' ', duty.Entered)}) ")
        + (duty.Exited.IsEmpty ? "" : $"exit({string.Join(' ', duty.Exited)})");

    private static string Seconds(DateTimeOffset? moment) => moment is { } at
        ? FormattableString.Invariant($"{(at - Time.VirtualTime.Start).TotalSeconds:F3}")
        : "never";

    private static string Seconds(long version) => version == 0
        ? "0"
        : FormattableString.Invariant($"{(version - Time.VirtualTime.Start.ToUnixTimeMilliseconds()) / 1000.0:F3}");
}
