using System.Globalization;
using Presence.Chaos.Clients;
using Presence.Chaos.Faults;

namespace Presence.Chaos.Judgement;

/// <summary>Judges what is in the journal.</summary>
internal sealed class Verdict(Journal journal, FaultLog faults)
{
    private readonly Heard[] _heard = [.. journal.Heard];
    private readonly (State State, DateTimeOffset At)[] _truth = [.. journal.Truth];

    public IEnumerable<Finding> All() => [.. ToldOffline(), .. CameBack(), .. StillHeard(), .. NotTold(), .. Betrayed(), .. TwoContents(), .. Fell(), .. Late()];

    /// <summary>A user that called all the time was told offline.</summary>
    private IEnumerable<Finding> ToldOffline()
    {
        var calls = journal.Activity.ToLookup(call => call.User);
        return from state in AllStates()
               where state.IsOffline
               let told = MomentOf(state)
               from last in calls[state.User].Where(call => call.Answered < told).TakeLast(1)
               where told - last.Begun < ChaosSettings.SurelyActive
               select Wrong(
                   "told offline while it called",
                   $"{state.User} was told offline ({state.Version}) {Seconds(told - last.Begun)} after a call that was answered well");
    }

    /// <summary>A user that is out was told anything but offline.</summary>
    private IEnumerable<Finding> CameBack()
    {
        var states = AllStates().ToLookup(state => state.User);
        return from absence in journal.Absences
               let back = states[absence.User]
                   .Where(state => !state.IsOffline && state.Version > absence.Version && !(MomentOf(state) >= absence.Until))
                   .MinBy(state => state.Version)
               where back is not null
               select Wrong(
                   $"{absence.Why}, and back by itself",
                   $"{back.User}, {absence.Why} ({absence.Version}), was back by itself as {back.Status} ({back.Version})");
    }

    /// <summary>A user that was taken out of a conversation heard of it later than promised.</summary>
    private IEnumerable<Finding> StillHeard() =>
        from removal in journal.Removals
        let heard = _heard.FirstOrDefault(heard =>
            heard.Listener == removal.User && Population.HomeOf(heard.State.User) == removal.Conversation
            && new Span(removal.Answered, removal.Until).Contains(heard.At)
            && faults.QuietBetween(removal.Answered, heard.At) > ChaosSettings.Promise + ChaosSettings.Margin)
        where heard is not null
        select Wrong(
            "taken out of a conversation, and hears it",
            $"{removal.User} heard of {heard.State.User} {Seconds(heard.At - removal.Answered)} after it was taken out of {removal.Conversation}");

    /// <summary>A user that was taken out of a conversation, and listened all the time, was not told so.</summary>
    private IEnumerable<Finding> NotTold() =>
        from removal in journal.Removals
        where removal is { Listened: true, Until: not null }
            && faults.QuietBetween(removal.Answered, removal.Until.Value) > ChaosSettings.Promise + ChaosSettings.Margin
            && !journal.Leavings.Any(told => told.User == removal.User && told.Conversation == removal.Conversation && told.At >= removal.Asked)
        select Wrong(
            "taken out of a conversation, and not told",
            $"{removal.User} was not told that it was taken out of {removal.Conversation}");

    /// <summary>Somebody heard of a user whom it must not see, by news decided after that was answered, or long after.</summary>
    private IEnumerable<Finding> Betrayed() =>
        from secret in journal.Secrets
        let heard = _heard.FirstOrDefault(heard =>
            heard.State.User == secret.User && !heard.State.IsOffline && heard.Listener != secret.User
            && (secret.From is null || heard.Listener == secret.From) && heard.At > secret.Answered
            && (MomentOf(heard.State) > secret.Answered || heard.At > secret.Answered + ChaosSettings.Promise + ChaosSettings.Margin))
        where heard is not null
        select Wrong(
            $"heard of by those whom it is kept from: {secret.Why}",
            $"{heard.Listener} heard of {heard.State.User} {heard.State.Status} ({heard.State.Version}) {Seconds(heard.At - secret.Answered)} after it was {secret.Why}");

    /// <summary>Two changes had the same version: each had a winner of its own.</summary>
    private IEnumerable<Finding> TwoContents() =>
        from same in AllStates().GroupBy(state => (state.User, state.Version))
        let statuses = same.Select(state => state.Status).Distinct().ToList()
        where statuses.Count > 1
        select Wrong(
            "two changes under one version",
            $"{same.Key.User} was told as {string.Join(" and as ", statuses)} under one version ({same.Key.Version})");

    /// <summary>The version of a user fell.</summary>
    private IEnumerable<Finding> Fell() =>
        from samples in _truth.GroupBy(sample => sample.State.User)
        from pair in samples.Zip(samples.Skip(1))
        where pair.Second.State.Version < pair.First.State.Version
        select Wrong("a version fell", $"the version of {samples.Key} fell from {pair.First.State.Version} to {pair.Second.State.Version}");

    /// <summary>An announcement that was news to its listener came later than promised, reckoned without the faults on its way.</summary>
    private IEnumerable<Finding> Late() =>
        from heard in _heard
        where heard is { IsAnnouncement: true, IsNew: true } && !Population.Moves(heard.State.User)
        let quiet = faults.QuietBetween(MomentOf(heard.State), heard.At)
        where quiet > ChaosSettings.Promise + ChaosSettings.Margin
        select new Finding(
            FindingKind.Late, "announced later than promised",
            $"{heard.Listener} heard of {heard.State.User} {heard.State.Status} ({heard.State.Version}) after {Seconds(heard.At - MomentOf(heard.State))}");

    private IEnumerable<State> AllStates() => _heard.Select(heard => heard.State).Concat(_truth.Select(sample => sample.State)).Distinct();

    /// <summary>A version is the time of its change, or a little more.</summary>
    private static DateTimeOffset MomentOf(State state) => DateTimeOffset.FromUnixTimeMilliseconds(state.Version);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static Finding Wrong(string ofWhat, string text) => new(FindingKind.Wrong, ofWhat, text);
}
