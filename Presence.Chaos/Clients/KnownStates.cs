using System.Text.Json;

namespace Presence.Chaos.Clients;

/// <summary>
/// What a client knows, by the documented rules: news that are not newer than what it has are dropped; whom a complete snapshot of a
/// conversation does not name, or the roster that it asks for where the snapshot is not complete, is offline, unless the client has heard of it
/// since it connected.
/// </summary>
internal sealed class KnownStates
{
    private readonly Dictionary<string, State> _states = new(StringComparer.Ordinal);
    private readonly HashSet<string> _heardSinceConnecting = new(StringComparer.Ordinal);

    public void Connecting() => _heardSinceConnecting.Clear();

    public State? Of(string user) => _states.GetValueOrDefault(user);

    /// <summary>Whether it was new.</summary>
    public bool Hear(State state)
    {
        _heardSinceConnecting.Add(state.User);
        return Take(state);
    }

    /// <summary>The entries that were new, and those that were not.</summary>
    public IReadOnlyList<(State State, bool IsNew)> Welcome(JsonElement snapshot)
    {
        var entries = new List<(State, bool)>();
        foreach (var conversation in snapshot.GetProperty("conversations").EnumerateArray())
        {
            var present = conversation.GetProperty("users").EnumerateArray().Select(State.Read).ToList();
            entries.AddRange(present.Select(state => (state, Take(state))));
            if (conversation.GetProperty("isComplete").GetBoolean())
            {
                Forget(conversation.GetProperty("conversationId").GetString()!, present);
            }
        }

        entries.AddRange(snapshot.GetProperty("users").EnumerateArray().Select(State.Read).Select(state => (state, Take(state))));
        return entries;
    }

    /// <summary>The conversations of a snapshot that it does not name all users of.</summary>
    public static IReadOnlyList<string> Incomplete(JsonElement snapshot) =>
    [
        .. snapshot.GetProperty("conversations").EnumerateArray()
            .Where(conversation => !conversation.GetProperty("isComplete").GetBoolean())
            .Select(conversation => conversation.GetProperty("conversationId").GetString()!),
    ];

    /// <summary>The whole roster of a conversation: its entries, and which of them were new.</summary>
    public IReadOnlyList<(State State, bool IsNew)> Complete(string conversation, IReadOnlyList<State> roster)
    {
        List<(State, bool)> entries = [.. roster.Select(state => (state, Take(state)))];
        Forget(conversation, [.. roster]);
        return entries;
    }

    private bool Take(State state)
    {
        if (_states.TryGetValue(state.User, out var known) && known.Version >= state.Version)
        {
            return false;
        }

        _states[state.User] = state;
        return true;
    }

    private void Forget(string conversation, List<State> present)
    {
        var absent = _states.Values.Where(state => Population.HomeOf(state.User) == conversation
            && !_heardSinceConnecting.Contains(state.User) && !present.Exists(other => other.User == state.User)).ToList();
        foreach (var state in absent)
        {
            _states[state.User] = state with { Status = "offline" };
        }
    }
}
