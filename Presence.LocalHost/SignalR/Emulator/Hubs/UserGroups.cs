namespace Presence.LocalHost.SignalR;

/// <summary>
/// Which groups later connections of a user join, and until when. Not thread-safe: its hub guards it. As documented, a membership
/// without time to live lasts a year, and of those only the hundred updated last are kept per user.
/// </summary>
internal sealed class UserGroups(TimeProvider time)
{
    private const int MostWithoutTimeToLive = 100;

    private static readonly TimeSpan LongestMembership = TimeSpan.FromDays(365);

    private readonly Dictionary<string, Dictionary<string, Membership>> _users = new(StringComparer.Ordinal);
    private long _updates;

    public void Add(string user, string group, TimeSpan? timeToLive)
    {
        if (timeToLive <= TimeSpan.Zero)
        {
            return;
        }

        if (!_users.TryGetValue(user, out var groups))
        {
            _users[user] = groups = new(StringComparer.Ordinal);
        }

        groups[group] = new(time.GetUtcNow() + (timeToLive ?? LongestMembership), timeToLive is null, ++_updates);
        foreach (var oldest in groups.Where(entry => entry.Value.Unlimited)
            .OrderByDescending(entry => entry.Value.Update).Skip(MostWithoutTimeToLive).ToList())
        {
            groups.Remove(oldest.Key);
        }
    }

    public void Remove(string user, string group)
    {
        if (_users.TryGetValue(user, out var groups))
        {
            groups.Remove(group);
        }
    }

    public void RemoveAll(string user) => _users.Remove(user);

    public IReadOnlyCollection<string> Of(string user)
    {
        if (!_users.TryGetValue(user, out var groups))
        {
            return [];
        }

        var now = time.GetUtcNow();
        foreach (var expired in groups.Where(entry => entry.Value.Until <= now).ToList())
        {
            groups.Remove(expired.Key);
        }

        return [.. groups.Keys];
    }

    private readonly record struct Membership(DateTimeOffset Until, bool Unlimited, long Update);
}
