namespace Presence.LocalHost.SignalR;

/// <summary>
/// Which groups later connections of a user join, and until when. Not thread-safe: its hub guards it. As documented, a membership
/// without time to live lasts a year, and of those only the hundred updated last are kept per user.
/// </summary>
internal sealed class UserGroups(TimeProvider time)
{
    private const int MostWithoutTimeToLive = 100;

    private static readonly TimeSpan LongestMembership = TimeSpan.FromDays(365);

    private readonly Dictionary<string, Dictionary<string, Membership>> users = new(StringComparer.Ordinal);
    private long updates;

    public void Add(string user, string group, TimeSpan? timeToLive)
    {
        if (timeToLive <= TimeSpan.Zero)
        {
            return;
        }

        if (!users.TryGetValue(user, out var groups))
        {
            users[user] = groups = new(StringComparer.Ordinal);
        }

        groups[group] = new(time.GetUtcNow() + (timeToLive ?? LongestMembership), timeToLive is null, ++updates);
        foreach (var oldest in groups.Where(entry => entry.Value.Unlimited)
            .OrderByDescending(entry => entry.Value.Update).Skip(MostWithoutTimeToLive).ToList())
        {
            groups.Remove(oldest.Key);
        }
    }

    public void Remove(string user, string group)
    {
        if (users.TryGetValue(user, out var groups))
        {
            groups.Remove(group);
        }
    }

    public void RemoveAll(string user) => users.Remove(user);

    public IReadOnlyCollection<string> Of(string user)
    {
        if (!users.TryGetValue(user, out var groups))
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
