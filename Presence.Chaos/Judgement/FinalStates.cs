using Presence.Chaos.Clients;

namespace Presence.Chaos.Judgement;

/// <summary>Whether everybody who watches knows how it ended.</summary>
internal static class FinalStates
{
    private static readonly State Never = new("", "offline", 0);

    /// <param name="watchers">Each with whom it watches and what it last knew of each.</param>
    /// <param name="truth">How it is.</param>
    public static IEnumerable<Finding> Judge(
        IEnumerable<(string Watcher, IEnumerable<string> Watches, Func<string, State?> Known)> watchers,
        IReadOnlyDictionary<string, State> truth) =>
        from watcher in watchers
        from user in watcher.Watches
        let known = watcher.Known(user) ?? Never
        let actual = truth.GetValueOrDefault(user) ?? Never
        where known.Status != actual.Status
        select new Finding(
            FindingKind.Lost, $"told last as {known.Status}, and is {actual.Status}",
            $"{watcher.Watcher} has {user} {known.Status} ({known.Version}), which is {actual.Status} ({actual.Version})");
}
