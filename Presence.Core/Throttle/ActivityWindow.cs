using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// Until when one instance need not look at a user's activity again, and what it has seen of the user meanwhile. Measured in monotonic time:
/// a clock that is set back silences nobody. Bounded: at the limit one of those leaves that would leave soonest. What is not in here is looked
/// up in storage, so losing an entry costs a request, and what it held back, never more.
/// </summary>
internal sealed class ActivityWindow : IHeldActivity
{
    // Few windows are in one shard, so that the limit is exact, and what is taken has an order.
    private const int Shards = 64;
    private const int FewWindows = 16_384;

    private readonly IOptions<PresenceOptions> _options;
    private readonly TimeProvider _time;
    private readonly long _perMillisecond;
    private readonly WindowShard[] _shards;
    private volatile PresenceOptions _inForce;

    public ActivityWindow(IOptions<PresenceOptions> options, TimeProvider time)
    {
        (_options, _time, _perMillisecond, _inForce) = (options, time, time.TimestampFrequency / 1000, options.Value);
        var limits = WindowLimits.Of(_inForce, _inForce.MaxThrottleEntries < FewWindows ? 1 : Shards);
        _shards = [.. Enumerable.Range(0, limits.Shards).Select(_ => new WindowShard(limits))];
    }

    /// <summary>How many windows are remembered.</summary>
    public int Count
    {
        get
        {
            var now = Now();
            return _shards.Sum(shard => shard.CountOpen(now));
        }
    }

    public DateTimeOffset? LastHeld(PresenceKey user)
    {
        var shard = ShardOf(user, out var tag);
        return Moment(shard.LastHeld(user.Id, tag));
    }

    /// <summary>
    /// When the user's client is to call next, if this activity is inside the window: then it is held back. Null if it must be looked up in
    /// storage.
    /// </summary>
    /// <param name="user">Who was active.</param>
    /// <param name="at">When.</param>
    public DateTimeOffset? TryHold(PresenceKey user, DateTimeOffset at)
    {
        var shard = ShardOf(user, out var tag);
        return Moment(shard.TryHold(user.Id, tag, at.UtcTicks, Now()));
    }

    /// <summary>The last record, where this instance made it and remembers the user; null otherwise.</summary>
    public LastRecord? OwnOf(PresenceKey user)
    {
        var shard = ShardOf(user, out var tag);
        return shard.OwnOf(user.Id, tag);
    }

    /// <summary>
    /// Opens a window. What an earlier one held back, and is not in the record, is held back on. Where the last activity was told late, the
    /// window ends sooner: what it holds back must be written before its user would be taken for gone, and that counts from what the user did.
    /// </summary>
    /// <param name="user">Whose.</param>
    /// <param name="nextCallAt">When it ends: from then on the user's next activity is recorded here, and so callers are told.</param>
    /// <param name="recorded">The last activity that the record holds.</param>
    /// <param name="held">An activity that was not recorded; null for none.</param>
    /// <param name="own">The last record, where this instance made it.</param>
    public void Remember(
        PresenceKey user, DateTimeOffset nextCallAt, DateTimeOffset recorded, DateTimeOffset? held, LastRecord? own = null)
    {
        Adapt();
        var shard = ShardOf(user, out var tag);
        shard.Remember(
            user.Id, tag, nextCallAt.UtcTicks, recorded.UtcTicks, held?.UtcTicks ?? 0, own, Now(), _time.GetUtcNow().UtcTicks);
    }

    /// <summary>What a window has held back up to the moment given is in the record now.</summary>
    public void Told(PresenceKey user, DateTimeOffset recorded)
    {
        var shard = ShardOf(user, out var tag);
        shard.Told(user.Id, tag, recorded.UtcTicks);
    }

    /// <summary>Ends a window: the user's next activity must reach storage. What is held back is written when it would have been.</summary>
    public void Forget(PresenceKey user)
    {
        var shard = ShardOf(user, out var tag);
        shard.Forget(user.Id, tag, Now());
    }

    /// <summary>
    /// Takes out what is held back of users who have gone quiet, and must be written now, lest they are taken for gone. The later one was last
    /// active, the earlier it is taken, so that of several instances the one that knows best writes first.
    /// </summary>
    /// <param name="all">Takes out everything held back, because this instance ends.</param>
    public IReadOnlyList<(PresenceKey User, DateTimeOffset At)> TakeQuiet(bool all = false)
    {
        Adapt();
        var now = Now();
        var taken = new List<(PresenceKey, DateTimeOffset)>();
        foreach (var shard in _shards)
        {
            shard.TakeQuiet(now, all, taken);
        }

        return taken;
    }

    /// <summary>
    /// What is held back of users whose window is over, and who have not called for a further while: most have gone on calling, but elsewhere.
    /// </summary>
    public IReadOnlyList<(PresenceKey User, DateTimeOffset At)> Quiet()
    {
        var now = Now();
        var quiet = new List<(PresenceKey, DateTimeOffset)>();
        foreach (var shard in _shards)
        {
            shard.Quiet(now, quiet);
        }

        return quiet;
    }

    /// <summary>Puts back what could not be written, to be taken again a second later, or with what has been held back meanwhile.</summary>
    public void PutBack(PresenceKey user, DateTimeOffset at)
    {
        var shard = ShardOf(user, out var tag);
        var now = Now();
        shard.PutBack(user.Id, tag, at.UtcTicks, now, quietFrom: now + 1000);
    }

    /// <summary>Goes over to the settings in force, where they have changed. What is open stays open as long as it was to.</summary>
    private void Adapt()
    {
        var inForce = _options.Value;
        if (ReferenceEquals(inForce, _inForce))
        {
            return;
        }

        _inForce = inForce;
        var limits = WindowLimits.Of(inForce, _shards.Length);
        foreach (var shard in _shards)
        {
            shard.Use(limits);
        }
    }

    private WindowShard ShardOf(PresenceKey user, out uint tag)
    {
        tag = WindowTable.TagOf(user);
        return _shards[WindowTable.TableOf(tag, _shards.Length)];
    }

    private long Now() => _time.GetTimestamp() / _perMillisecond;

    private static DateTimeOffset? Moment(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}
