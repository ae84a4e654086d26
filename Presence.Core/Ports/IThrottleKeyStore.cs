namespace Presence.Core.Ports;

/// <summary>A key that throttle tokens are signed with.</summary>
/// <param name="Number">From 1; the highest is the one in use.</param>
/// <param name="Secret">32 random bytes.</param>
/// <param name="MadeAt">When it was made.</param>
public sealed record ThrottleKey(int Number, byte[] Secret, DateTimeOffset MadeAt);

/// <summary>
/// Where the keys of throttle tokens are kept, the same for all instances. All of it throws <see cref="StoreUnavailableException"/> while the
/// storage is out of reach.
/// </summary>
public interface IThrottleKeyStore
{
    /// <summary>All keys, in the order of their numbers: one request.</summary>
    Task<IReadOnlyList<ThrottleKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a key unless there is one of its number.</summary>
    Task AddAsync(ThrottleKey key, CancellationToken cancellationToken);

    /// <summary>Removes a key; one that is gone already is no error.</summary>
    Task RemoveAsync(int number, CancellationToken cancellationToken);
}
