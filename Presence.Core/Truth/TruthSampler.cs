using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Truth;

/// <summary>
/// Takes users to be checked: of shards chosen by chance those who come next, so that within a while everybody has been. Where it is in each
/// shard only this instance knows, for it is the id of a user; it begins anywhere.
/// </summary>
internal sealed class TruthSampler(ITruthStore store, Func<double> chance)
{
    /// <summary>So many shards are asked at most, where each has few.</summary>
    private const int MostQueries = 4;

    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly Dictionary<(int Shard, bool IsHere), PresenceKey?> _last = [];

    /// <summary>Users who are here, or are not: one request for each shard that is asked.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<IReadOnlyCollection<StoredUser>> TakeAsync(bool isHere, int most, CancellationToken cancellationToken)
    {
        var taken = new Dictionary<PresenceKey, StoredUser>();
        for (var asked = 0; asked < MostQueries && taken.Count < most; asked++)
        {
            var place = (Shard: (int)(chance() * store.ShardCount), isHere);
            var after = _last.TryGetValue(place, out var last) ? last : Anywhere();
            var sample = await store.SampleAsync(place.Shard, isHere, after, most - taken.Count, cancellationToken);
            foreach (var user in sample.Users)
            {
                taken[user.User] = user;
            }

            _last[place] = sample.IsLast ? null : sample.Users is [.., var next] ? next.User : Anywhere();
        }

        return taken.Values;
    }

    private PresenceKey Anywhere() => PresenceKey.Registered($"{Letter()}{Letter()}");

    private char Letter() => Letters[(int)(chance() * Letters.Length)];
}
