namespace Presence.Chaos.Judgement;

/// <summary>How many announcements there should have been, and what became of each.</summary>
/// <param name="Changes">Changes of status, of all users whose home is known.</param>
/// <param name="Expected">One for each change and each watcher of the user's home that was listening when it was made.</param>
/// <param name="Seen">Heard as they were.</param>
/// <param name="Overtaken">Not heard, but something newer of that user.</param>
/// <param name="Stale">Heard when something as new was known already, and so dropped by the client.</param>
internal sealed record Coverage(int Changes, int Expected, int Seen, int Overtaken, int Stale)
{
    public int Unseen => Expected - Seen - Overtaken;

    public static Coverage Of(Journal journal, IReadOnlyCollection<(string Watcher, string Home, IReadOnlyList<Span> Listening)> watchers)
    {
        var states = journal.Heard.Select(heard => heard.State).Concat(journal.Truth.Select(sample => sample.State))
            .Where(state => state.Version > 0 && Population.HomeOf(state.User) is not null)
            .Select(state => (state.User, state.Version)).Distinct().ToList();
        var heard = journal.Heard.ToLookup(heard => (heard.Listener, heard.State.User), heard => heard.State.Version);
        var (expected, seen, overtaken) = (0, 0, 0);
        foreach (var (user, version) in states)
        {
            var moment = DateTimeOffset.FromUnixTimeMilliseconds(version);
            var home = Population.HomeOf(user);
            foreach (var watcher in watchers.Where(w => w.Home == home && w.Listening.Any(span => span.Contains(moment))))
            {
                var versions = heard[(watcher.Watcher, user)];
                expected++;
                seen += versions.Contains(version) ? 1 : 0;
                overtaken += !versions.Contains(version) && versions.Any(other => other > version) ? 1 : 0;
            }
        }

        return new(states.Count, expected, seen, overtaken, journal.Heard.Count(h => h is { IsAnnouncement: true, IsNew: false }));
    }
}
