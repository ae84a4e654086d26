using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Rosters;

/// <summary>
/// Reads rosters: one query, whatever the number of users elsewhere. Callers that ask together, or shortly after one another,
/// share one read, so that a crowd that connects at once costs what one connection costs.
/// </summary>
public sealed class RosterReader
{
    /// <summary>The roster of a conversation is read anew for a crowd so often; for whoever comes alone, at once.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private const int MostCached = 1_000;

    private readonly IPresenceStore _store;
    private readonly TimeSpan _cacheFor;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pace;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Task<Roster> Roster, long Began)> _reads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Task<Roster> Roster, long Began)> _fresh = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<Roster>> _next = new(StringComparer.Ordinal);

    /// <summary>Creates the reader of an instance.</summary>
    public RosterReader(IPresenceStore store, IOptions<PresenceOptions> options, TimeProvider time, TimeSpan pace)
    {
        _pace = pace;
        _store = store;
        _cacheFor = options.Value.RosterCacheFor;
        Sizes = new(options.Value.LargeConversation, time);
        _time = time;
    }

    /// <summary>What is known of how large conversations are.</summary>
    public ConversationSizes Sizes { get; }

    /// <summary>The roster of a conversation; empty for one nobody is in.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task<Roster> ReadAsync(string conversationId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_reads.TryGetValue(conversationId, out var read) && _time.GetElapsedTime(read.Began) < _cacheFor && !read.Roster.IsFaulted)
            {
                return read.Roster.WaitAsync(cancellationToken);
            }

            if (_reads.Count >= MostCached)
            {
                _reads.Clear();
            }

            var began = _time.GetTimestamp();
            var roster = ReadStoreAsync(conversationId);
            _reads[conversationId] = (roster, began);
            return roster.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// The roster of a conversation by a read that begins no earlier than this call. Callers that come while one is under way, or shortly after,
    /// share the next.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task<Roster> ReadFreshAsync(string conversationId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_next.TryGetValue(conversationId, out var next))
            {
                next = _fresh.TryGetValue(conversationId, out var current) && (!current.Roster.IsCompleted || IsJustBegun(current.Began))
                    ? _next[conversationId] = ReadAfterAsync(current, conversationId)
                    : Begin(conversationId);
            }

            return next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A roster says something else now: what was read before is not answered any more.</summary>
    internal void Forget(string conversationId)
    {
        lock (_lock)
        {
            _reads.Remove(conversationId);
        }
    }

    private bool IsJustBegun(long began) => _time.GetElapsedTime(began) < _pace;

    private async Task<Roster> ReadAfterAsync((Task<Roster> Roster, long Began) current, string conversationId)
    {
        await ((Task)current.Roster).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (IsJustBegun(current.Began))
        {
            await Task.Delay(_pace - _time.GetElapsedTime(current.Began), _time);
        }

        Task<Roster> roster;
        lock (_lock)
        {
            _next.Remove(conversationId);
            roster = Begin(conversationId);
        }

        return await roster;
    }

    private Task<Roster> Begin(string conversationId)
    {
        if (_fresh.Count >= MostCached)
        {
            _fresh.Clear();
        }

        var began = _time.GetTimestamp();
        var roster = ReadStoreAsync(conversationId);
        _fresh[conversationId] = (roster, began);
        return roster;
    }

    private async Task<Roster> ReadStoreAsync(string conversationId)
    {
        var began = _time.GetTimestamp();
        var members = await _store.RosterAsync(conversationId, CancellationToken.None).ToListAsync();
        var roster = new Roster(conversationId, [.. members.OrderBy(m => m.View.UserId, StringComparer.Ordinal)]) { Took = _time.GetElapsedTime(began) };
        return Sizes.Learn(roster, began);
    }
}
