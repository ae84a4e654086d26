using Presence.Core.Domain;
using Presence.Core.Rosters;

namespace Presence.Tests.Core.Rosters;

/// <summary>
/// A client as <c>docs/resync.md</c> describes it: the roster of the version that it has, and beside it what messages have said since.
/// </summary>
internal sealed class ResyncClient(string conversationId, Func<Task<Roster>> read)
{
    private readonly Dictionary<string, PresenceView> _heard = new(StringComparer.Ordinal);
    private SortedDictionary<string, PresenceView> _roster = new(StringComparer.Ordinal);
    private RosterVersion? _version;

    public string ConversationId => conversationId;

    /// <summary>How many answers named those who changed alone, all, and that there is nothing.</summary>
    public (int Changed, int All, int Nothing) Answers { get; private set; }

    /// <summary>What it shows.</summary>
    public IEnumerable<PresenceView> Shown =>
        _roster.Values.Where(v => !_heard.ContainsKey(v.UserId)).Concat(_heard.Values).OrderBy(v => v.UserId, StringComparer.Ordinal);

    /// <summary>Takes in a message.</summary>
    public void Hear(PresenceView view)
    {
        var known = _heard.GetValueOrDefault(view.UserId) ?? _roster.GetValueOrDefault(view.UserId);
        if (known is null || view.Version > known.Version)
        {
            _heard[view.UserId] = view;
        }
    }

    /// <summary>Asks for what has changed, page by page.</summary>
    /// <param name="limit">The users of a page.</param>
    /// <param name="between">What happens between two pages.</param>
    public async Task AskAsync(int limit, Func<Task> between)
    {
        _heard.Clear();
        var roster = new SortedDictionary<string, PresenceView>(_roster, StringComparer.Ordinal);
        string? after = "";
        RosterPage? page = null;
        while (after is not null)
        {
            var before = page is null ? null : RosterVersion.ParseOpen(page.Version, "version");
            page = RosterPage.Of(await read(), _version, before, after, limit);
            if (page is null)
            {
                Answers = Answers with { Nothing = Answers.Nothing + 1 };
                return;
            }

            Answers = page.IsComplete ? Answers with { All = Answers.All + 1 } : Answers with { Changed = Answers.Changed + 1 };
            foreach (var gone in roster.Keys.Where(id => page.IsComplete && IsOnPage(id, after, page.NextAfter)).ToList())
            {
                roster.Remove(gone);
            }

            foreach (var user in page.Users)
            {
                roster[user.UserId] = user;
            }

            if ((after = page.NextAfter) is not null)
            {
                await between();
            }
        }

        (_roster, _version) = (roster, RosterVersion.Parse(page!.Version, "since"));
    }

    private static bool IsOnPage(string id, string after, string? next) =>
        string.CompareOrdinal(id, after) > 0 && (next is null || string.CompareOrdinal(id, next) <= 0);
}
