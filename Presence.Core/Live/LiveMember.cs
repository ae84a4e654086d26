using Presence.Core.Concurrency;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;

namespace Presence.Core.Live;

/// <summary>What this instance knows of one user who shows a state.</summary>
internal sealed class LiveMember(PresenceKey user, IPresenceStore store, TimeProvider time)
{
    /// <summary>Half as long as it is good to know them, so that a message has the other half.</summary>
    private static readonly TimeSpan LookUpEvery = HiddenListeners.KnownFor / 2;

    private readonly Lock _lock = new();
    private readonly RateLimit _limit = new(LiveStates.MostPerSecond, TimeSpan.FromSeconds(1), time);
    private Task<Standing>? _read;
    private long _readAt;
    private Standing? _known;
    private long _usedAt = time.GetTimestamp();
    private long _version;
    private Task<IReadOnlyList<string>>? _hiddenFrom;
    private Relations? _hiddenBy;
    private long _hiddenAt;

    /// <summary>Whether nothing is lost with it: neither what it has used up of its limit, nor what would be believed.</summary>
    public bool IsIdle => time.GetElapsedTime(Volatile.Read(ref _usedAt)) >= LiveMembers.KnownFor;

    /// <summary>Whether the user may tell one state more now.</summary>
    public bool TryTake()
    {
        Volatile.Write(ref _usedAt, time.GetTimestamp());
        return _limit.TryTake();
    }

    /// <summary>The number of the next state: the moment, so that all instances count alike, but never one twice.</summary>
    public long NextVersion()
    {
        lock (_lock)
        {
            return _version = Math.Max(_version + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    /// <summary>How the user stands: as known for a few seconds, or as the storage has it. Those who ask together share one read.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async ValueTask<Standing> StandingAsync(CancellationToken cancellationToken)
    {
        Task<Standing> read;
        lock (_lock)
        {
            if (_read is null or { IsFaulted: true } || time.GetElapsedTime(_readAt) >= LiveMembers.KnownFor)
            {
                (_read, _readAt) = (ReadAsync(), time.GetTimestamp());
            }

            read = _read;
        }

        var standing = await read.WaitAsync(cancellationToken);
        lock (_lock)
        {
            _known = _read == read ? standing : _known;
        }

        return standing;
    }

    /// <summary>Whether, as far as is known, a state that was accepted may still be told. What is uncertain is not: the next one asks the storage.</summary>
    /// <returns>How the user stands, by which it may; null if it may not.</returns>
    public Standing? MayStillBeToldTo(string conversationId)
    {
        lock (_lock)
        {
            return _known is { IsSeen: true } known && known.IsIn(conversationId) ? known : null;
        }
    }

    /// <summary>The connections that must not hear of it: looked up once a second, however many states it shows.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task<IReadOnlyList<string>> HiddenFromAsync(Standing standing, HiddenListeners listeners)
    {
        lock (_lock)
        {
            if (_hiddenFrom is null or { IsFaulted: true } || _hiddenBy != standing.Relations || time.GetElapsedTime(_hiddenAt) >= LookUpEvery)
            {
                (_hiddenFrom, _hiddenBy, _hiddenAt) = (listeners.OfAsync(user, standing.Relations, standing.Conversations, CancellationToken.None), standing.Relations, time.GetTimestamp());
            }

            return _hiddenFrom;
        }
    }

    /// <summary>
    /// Takes over what a change made here says. Where it is uncertain, or two are told of in another order than they were made in, the storage
    /// is to be asked; and what was read before it is not believed any more.
    /// </summary>
    public void Learn(Change change)
    {
        var after = Standing.Of(change.After);
        if (change.IsCertain && after.IsLike(Standing.Of(change.Before)))
        {
            return;
        }

        lock (_lock)
        {
            _known = change.IsCertain && !(_known?.Revision >= after.Revision) ? after : null;
            (_read, _readAt) = (_known is null ? null : Task.FromResult(_known), time.GetTimestamp());
        }
    }

    private async Task<Standing> ReadAsync() => Standing.Of((await store.LoadAsync(user, CancellationToken.None)).Records);
}
