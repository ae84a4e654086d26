using System.Collections.Concurrent;

namespace Presence.Client.Http;

/// <summary>
/// What the server gave each user to bring next time. Of a bounded number of users: the ones heard of longest ago give way. Nothing of it is needed
/// for anything to be right.
/// </summary>
internal sealed class ThrottleTokens(int most)
{
    private readonly ConcurrentDictionary<string, string> _young = new(StringComparer.Ordinal);
    private readonly Lock _turn = new();
    private ConcurrentDictionary<string, string> _old = new(StringComparer.Ordinal);

    /// <summary>How many users are remembered.</summary>
    public int Count => _young.Count + _old.Keys.Count(user => !_young.ContainsKey(user));

    /// <summary>What the user is to bring; null for nothing.</summary>
    public string? Find(string user) => _young.TryGetValue(user, out var token) || _old.TryGetValue(user, out token) ? token : null;

    /// <summary>Remembers it instead of what was there.</summary>
    public void Keep(string user, string token)
    {
        if (most == 0)
        {
            return;
        }

        // Two halves: when the young one is full, it becomes the old one, and what was only in that is forgotten.
        if (_young.Count >= Math.Max(1, most / 2) && !_young.ContainsKey(user))
        {
            lock (_turn)
            {
                if (_young.Count >= Math.Max(1, most / 2))
                {
                    _old = new(_young, StringComparer.Ordinal);
                    _young.Clear();
                }
            }
        }

        _young[user] = token;
    }

    /// <summary>Forgets a user who has left: its next call brings nothing.</summary>
    public void Forget(string user)
    {
        _young.TryRemove(user, out _);
        _old.TryRemove(user, out _);
    }
}
