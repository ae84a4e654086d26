using System.Security.Cryptography;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// Makes the keys of throttle tokens. One lasts 30 days, and tokens for minutes: the key before the newest is kept for those that are under way,
/// and for instances that have not read the newest yet.
/// </summary>
internal sealed class ThrottleKeyRenewal(IThrottleKeyStore store, TimeProvider time)
{
    private const int SecretLength = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>
    /// The keys, in the order of their numbers. Makes the first, or a new one where the newest has grown old: of instances that do so at once,
    /// one does.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<IReadOnlyList<ThrottleKey>> ListAsync()
    {
        var keys = await store.ListAsync(CancellationToken.None);
        var now = time.GetUtcNow();
        var newest = keys is [.., var last] ? last : null;
        if (newest is not null && now - newest.MadeAt < Lifetime)
        {
            return keys;
        }

        await store.AddAsync(new((newest?.Number ?? 0) + 1, RandomNumberGenerator.GetBytes(SecretLength), now), CancellationToken.None);
        foreach (var old in keys.SkipLast(1))
        {
            await store.RemoveAsync(old.Number, CancellationToken.None);
        }

        return await store.ListAsync(CancellationToken.None);
    }
}
