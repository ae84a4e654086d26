using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>A viewer and a subject, and every way in which the one may learn of the other.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly Relation _relation;
    private readonly string? _shared;
    private readonly User _marker;
    private readonly List<Listener> _listeners = [];
    private readonly List<string> _wrong = [];
    private Listener? _always;
    private int _marks;

    private Pair(PresenceSystem system, Relation relation, User viewer, User subject)
    {
        (System, _relation, Viewer, Subject) = (system, relation, viewer, subject);
        _marker = system.NewUser("marker");
        _shared = relation.Shares ? Some.Conversation() : null;
        Other = Some.Conversation();
    }

    public PresenceSystem System { get; }

    public User Viewer { get; }

    public User Subject { get; }

    /// <summary>A conversation in which one of them may be, or both.</summary>
    public string Other { get; }

    /// <summary>What is not as expected, naming viewer, subject, and the way.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    public static async Task<Pair> CreateAsync(PresenceSystem system, Relation relation, bool isGuestViewing, bool isGuestSeen)
    {
        var viewer = isGuestViewing ? await system.NewGuestAsync("viewer") : system.NewUser("viewer");
        var subject = isGuestSeen ? await system.NewGuestAsync("subject") : system.NewUser("subject");
        var pair = new Pair(system, relation, viewer, subject);
        if (!relation.SharesDefault)
        {
            // The viewer hears the marker in one of its own, and is nowhere else with the subject.
            var own = Some.Conversation();
            await system.JoinAsync(own, viewer, pair._marker);
            await system.JoinAsync(Some.Conversation(), subject);
        }

        if (pair._shared is { } shared)
        {
            await system.JoinAsync(shared, viewer, subject);
        }

        await relation.Prepare(pair);
        return pair;
    }

    /// <summary>Lets the whole relation happen, once.</summary>
    public async Task PlayAsync(Sights expected, bool closesWhoeverLeaves)
    {
        await _marker.ActAsync();
        await Subject.ActAsync();
        _always = await ListenAsync();
        if (expected.Before != expected.During)
        {
            await LooksAsync("before", expected.Before, left: null);
            await HearsChangesAsync("before", expected.Before);
        }

        var last = await OwnAsync();
        await _relation.Begin(this);
        await AgainAsync(_relation.Reconnects);
        var told = await HeardAsync();
        var isNoticed = expected.Before == Sight.Seen && expected.During != Sight.Seen;
        if (!_relation.Reconnects)
        {
            Check("during", "its beginning as a message", isNoticed && !_relation.BeginsSilently ? "offline" : "", Statuses(told));
        }

        var left = expected.During == Sight.Left ? Left(last, told) : default(JsonElement?);
        await LooksAsync("during", expected.During, left);
        if (expected.Before != expected.During && _relation.IsHeardOnNewConnections)
        {
            _always = await ListenAsync();
        }

        await ConnectsAsync("during", expected.During, left);
        await HearsChangesAsync("during", expected.During);
        await LooksAsync("during, later", expected.During, left);
        if (_relation.IsMutual)
        {
            Check("during", "the subject's own look-up of the viewer", "offline", await Viewer.StatusSeenByAsync(Subject with { Caller = Passive(Subject) }));
        }

        if (expected.During == expected.After)
        {
            return;
        }

        await _relation.End(this);
        await AgainAsync(_relation.Reconnects || (_relation.EndsByLeaving && closesWhoeverLeaves));
        told = await HeardAsync();
        if (!_relation.Reconnects && !_relation.EndsSilently)
        {
            var (sees, sawIt) = (expected.After == Sight.Seen, expected.During == Sight.Seen);
            Check("after", "its end as a message", sees == sawIt ? "" : sees ? "online" : "offline", Statuses(told));
        }

        await LooksAsync("after", expected.After, left: null);
        await HearsChangesAsync("after", expected.After);
        await ConnectsAsync("after", expected.After, left: null);
    }

    public async Task AllowAsync(HttpMethod method, string whom) =>
        (await System.Backend.SendAsync(method, $"api/visibility/allowed?userId={Uri.EscapeDataString(Subject.Id)}&{whom}")).MustBeOk();

    public async Task BlockAsync(HttpMethod method, User user, string whom) =>
        (await System.Backend.SendAsync(method, $"api/visibility/blocked?userId={Uri.EscapeDataString(user.Id)}&{whom}")).MustBeOk();

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
        {
            await listener.DisposeAsync();
        }
    }

    /// <summary>All look-ups, and all conversations of the viewer.</summary>
    private async Task LooksAsync(string when, Sight sight, JsonElement? left)
    {
        var id = Uri.EscapeDataString(Subject.Id);
        var expected = await ExpectedAsync(sight, left);
        Check(when, "GET /api/presence/{id}", expected, (await GetAsync($"api/presence/{id}")).GetRawText());
        Check(when, "GET /api/presence?userId=", expected, (await GetAsync($"api/presence?userId={id}")).GetRawText());
        Check(when, "GET /api/presence?ids=", expected, (await GetAsync($"api/presence?ids={id}")).GetProperty("users")[0].GetRawText());
        foreach (var conversation in (await GetAsync("api/conversations")).GetProperty("conversations").EnumerateArray())
        {
            var conversationId = conversation.GetProperty("conversationId").GetString()!;
            var roster = await GetAsync($"api/conversations/{conversationId}/presence?limit=1000");
            var entry = roster.GetProperty("users").EnumerateArray().Where(u => u.GetProperty("userId").GetString() == Subject.Id).ToList();
            var isNamed = conversationId == _shared || entry.Count > 0 || (_relation.SharesDefault && sight == Sight.Seen);
            if (isNamed)
            {
                Check(when, $"GET /api/conversations/{{id}}/presence", expected, entry.Count == 0 ? "none" : entry[0].GetRawText());
            }

            if (conversationId == _shared)
            {
                var here = sight == Sight.Seen ? 2 : 1;
                Check(when, "GET /api/conversations", $"2 members, {here} here", Counts(conversation));
                Check(when, "GET /api/conversations/{id}/presence, counts", $"2 members, {here} here", Counts(roster));
            }
        }
    }

    /// <summary>What a connection is told that opens now.</summary>
    private async Task ConnectsAsync(string when, Sight sight, JsonElement? left)
    {
        var snapshot = (await ListenAsync()).Snapshot;
        if (_relation.Watches)
        {
            var watched = snapshot.GetProperty("users").EnumerateArray().Single();
            Check(when, "presence:snapshot, watched", await ExpectedAsync(sight, left), watched.GetRawText());
        }

        foreach (var conversation in snapshot.GetProperty("conversations").EnumerateArray())
        {
            var id = conversation.GetProperty("conversationId").GetString();
            if (id != _shared && !_relation.SharesDefault)
            {
                continue;
            }

            var isNamed = conversation.GetProperty("users").EnumerateArray().Any(u => u.GetProperty("userId").GetString() == Subject.Id);
            Check(when, "presence:snapshot, conversation", sight == Sight.Seen ? "named" : "not named", isNamed ? "named" : "not named");
            if (id == _shared)
            {
                Check(when, "presence:snapshot, counts", $"2 members, {(sight == Sight.Seen ? 2 : 1)} here", Counts(conversation));
            }
        }
    }

    /// <summary>The subject changes in every way, and is online at the end.</summary>
    private async Task HearsChangesAsync(string when, Sight sight)
    {
        await HeardAsync();
        var expected = "";
        if (!(when == "during" && _relation.KeepsChoice))
        {
            await Subject.ChooseAsync(new { availability = "busy" });
            await Subject.ChooseAsync(new { availability = "away" });
            await Subject.ChooseAsync(new { availability = "automatic" });
            expected = "busy away available ";
        }

        await System.SetAsync(Subject.Id, isOnline: false);
        await System.SetAsync(Subject.Id, isOnline: true);
        expected = sight == Sight.Seen ? expected + "offline available" : "";
        Check(when, "user:status", expected, string.Join(' ', (await HeardAsync()).Select(m => m.GetProperty("availability").GetString())));
    }

    /// <summary>What the connection that is there all the time has heard of the subject since it was asked last, each version once.</summary>
    private async Task<List<JsonElement>> HeardAsync()
    {
        var mark = $"mark {++_marks}";
        await _marker.ChooseAsync(new { text = mark });
        var heard = new List<JsonElement>();
        while (true)
        {
            var status = await _always!.Inbox.StatusAsync();
            if (status.GetProperty("userId").GetString() == Subject.Id && heard.TrueForAll(h => h.GetRawText() != status.GetRawText()))
            {
                heard.Add(status);
            }

            if (status.GetProperty("userId").GetString() == _marker.Id && status.TryGetProperty("text", out var text) && text.GetString() == mark)
            {
                return heard;
            }
        }
    }

    /// <summary>Where its connections have been closed, the viewer comes back as clients do.</summary>
    private async Task AgainAsync(bool isClosed)
    {
        if (isClosed)
        {
            await _always!.Closed.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
            _always = await ListenAsync();
        }
    }

    private async Task<Listener> ListenAsync()
    {
        var listener = await (_relation.Watches ? Viewer.ListenAsync(Subject) : Viewer.ListenAsync());
        _listeners.Add(listener);
        return listener;
    }

    private async Task<string> ExpectedAsync(Sight sight, JsonElement? left)
    {
        if (sight == Sight.Unknown)
        {
            var nobody = (Subject.Id.StartsWith("anon:", StringComparison.Ordinal) ? "anon:" : "") + $"nobody-{Guid.NewGuid():N}";
            return (await GetAsync($"api/presence?userId={nobody}")).GetRawText().Replace(nobody, Subject.Id, StringComparison.Ordinal);
        }

        return sight == Sight.Left ? left!.Value.GetRawText() : (await OwnAsync()).GetRawText();
    }

    /// <summary>That the subject has left after its last activity, as a message said it.</summary>
    private JsonElement Left(JsonElement last, List<JsonElement> told)
    {
        var left = told.LastOrDefault();
        if (left.ValueKind != JsonValueKind.Object)
        {
            return JsonElement.Parse("\"as in the message that should have come\"");
        }

        var active = last.GetProperty("lastActiveAt").GetRawText();
        Check("during", "last activity in the message", $"{active} {active}", $"{left.GetProperty("lastActiveAt").GetRawText()} {left.GetProperty("lastSeenAt").GetRawText()}");
        return left;
    }

    /// <summary>The subject as it is, as it sees itself by the routes of all.</summary>
    private async Task<JsonElement> OwnAsync() => 
        (await Passive(Subject).GetAsync($"api/presence?ids={Uri.EscapeDataString(Subject.Id)}")).Data.GetProperty("users")[0].Clone();

    private async Task<JsonElement> GetAsync(string path) => (await Viewer.Caller.GetAsync(path)).Data;

    private static Caller Passive(User user) => user.Caller.With("Presence-Activity", "passive");

    private static string Statuses(List<JsonElement> heard) => string.Join(' ', heard.Select(h => h.GetProperty("status").GetString()));

    private static string Counts(JsonElement conversation)
    {
        var counts = conversation.TryGetProperty("occupancy", out var occupancy) ? occupancy : conversation;
        return $"{counts.GetProperty("members").GetInt32()} members, {counts.GetProperty("online").GetInt32() + counts.GetProperty("away").GetInt32()} here";
    }

    private void Check(string when, string way, string expected, string actual)
    {
        if (expected != actual)
        {
            _wrong.Add($"{Viewer.Id[..^33]} -> {Subject.Id[..^33]}, {_relation}, {when}: {way}\n   expected {expected}\n   but got  {actual}");
        }
    }
}
