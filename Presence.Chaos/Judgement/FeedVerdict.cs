using Presence.Chaos.Clients;

namespace Presence.Chaos.Judgement;

/// <summary>
/// Judges what the feed of events told: no change lost, none out of order for its user, and each under one id. What is known otherwise is how users
/// were under which version, by those who watched and by the observer.
/// </summary>
internal static class FeedVerdict
{
    /// <param name="journal">What was told, and what is known otherwise.</param>
    /// <param name="least">Fewer events are no proof of anything.</param>
    public static IEnumerable<Finding> Judge(Journal journal, int least)
    {
        ToldEvent[] all = [.. journal.Events];
        List<ToldEvent> events = [.. all.DistinctBy(told => told.Id)];
        return events.Count < least
            ? [Wrong("hardly any events", $"the feed told {events.Count} events; at least {least} are needed to judge it")]
            : [.. Lost(events, journal), .. OutOfOrder(events), .. TwoContents(all)];
    }

    /// <summary>Under some version a user was as no event until then says.</summary>
    private static IEnumerable<Finding> Lost(IEnumerable<ToldEvent> events, Journal journal)
    {
        var ofUser = events.ToLookup(told => told.State.User);
        return from state in KnownStates(journal).Distinct()
               let last = ofUser[state.User].Where(told => told.State.Version <= state.Version).MaxBy(told => told.State.Version)
               where last?.State.Status != state.Status
               select new Finding(
                   FindingKind.Lost, "a change that the feed did not tell",
                   $"{state.User} was {state.Status} ({state.Version}); the feed told {last?.State.Status ?? "nothing"} ({last?.State.Version})");
    }

    /// <summary>Who watches sees all but those who are kept from it, of whom there is none.</summary>
    private static IEnumerable<State> KnownStates(Journal journal) => journal.Truth.Select(sample => sample.State)
        .Concat(journal.Heard.Where(heard => heard.Listener.StartsWith("watcher-", StringComparison.Ordinal)).Select(heard => heard.State))
        .Where(state => state.Version > 0);

    /// <summary>Those that came after a later one of their user, of events in the order in which each came first.</summary>
    public static IEnumerable<(ToldEvent Earlier, ToldEvent Later)> Overtaken(IEnumerable<ToldEvent> events) =>
        from ofUser in events.GroupBy(told => told.State.User)
        from pair in ofUser.Zip(ofUser.Skip(1))
        where pair.Second.State.Version <= pair.First.State.Version
        select pair;

    /// <summary>An event was told for the first time after a later one of its user.</summary>
    private static IEnumerable<Finding> OutOfOrder(IEnumerable<ToldEvent> events) =>
        Overtaken(events).Select(pair => Wrong("an event out of order", $"{pair.Later.Id} was told after {pair.Earlier.Id}"));

    /// <summary>Told twice, it said two things.</summary>
    private static IEnumerable<Finding> TwoContents(IEnumerable<ToldEvent> all) =>
        from same in all.GroupBy(told => told.Id)
        where same.Distinct().Count() > 1
        select Wrong("two events under one id", $"{same.Key} was told as {string.Join(" and as ", same.Distinct())}");

    private static Finding Wrong(string ofWhat, string text) => new(FindingKind.Wrong, ofWhat, text);
}
