using Microsoft.Extensions.Logging;
using Presence.Core.Concurrency;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// The keys of throttle tokens as this instance knows them: made once for all instances, read again every ten minutes and when a token names one
/// that is not known. While there are none, there are no tokens: everything works without, for some more storage requests.
/// </summary>
internal sealed partial class ThrottleKeys(ThrottleKeyRenewal renewal, TimeProvider time, ILogger<ThrottleKeys> logger)
{
    private static readonly TimeSpan TrustFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(10);

    private readonly IntervalGate _turn = new(AskEvery, time);
    private readonly Lock _lock = new();
    private Task? _reading;
    private volatile Known _known = new([], null);

    /// <summary>The key to sign with; null while none can be had.</summary>
    public async ValueTask<ThrottleKey?> CurrentAsync() => (await FreshAsync()).Keys is [.., var newest] ? newest : null;

    /// <summary>The key of a number; null if there is none.</summary>
    public async ValueTask<ThrottleKey?> FindAsync(int number)
    {
        if (Find(await FreshAsync(), number) is { } key)
        {
            return key;
        }

        // Of a key made just now, by another instance. Whoever makes numbers up gets one request out of us every ten seconds.
        if (_turn.TryTake())
        {
            await ReadAsync();
        }

        return Find(_known, number);
    }

    private static ThrottleKey? Find(Known known, int number) => Array.Find(known.Keys, key => key.Number == number);

    private async ValueTask<Known> FreshAsync()
    {
        if (_known is { ReadAt: { } readAt } known && time.GetElapsedTime(readAt) < TrustFor)
        {
            return known;
        }

        // Keys that are known are good enough for the call at hand. Where there are none, only the first call waits, and after a failure one
        // every ten seconds.
        if (_known.Keys.Length > 0)
        {
            _ = _turn.TryTake() ? ReadAsync() : null;
        }
        else if (_known.ReadAt is null || _turn.TryTake())
        {
            await ReadAsync();
        }

        return _known;
    }

    private Task ReadAsync()
    {
        lock (_lock)
        {
            return _reading is { IsCompleted: false } ? _reading : _reading = ReadStoreAsync();
        }
    }

    private async Task ReadStoreAsync()
    {
        try
        {
            _known = new([.. await renewal.ListAsync()], time.GetTimestamp());
        }
        catch (StoreUnavailableException e)
        {
            // What is known stays in use: a key that has been removed meanwhile is no danger greater than one that has not.
            LogUnknown(e);
            _known = _known with { ReadAt = time.GetTimestamp() - (long)((TrustFor - AskEvery).TotalSeconds * time.TimestampFrequency) };
        }
    }

    [LoggerMessage(
        EventName = "ThrottleKeysUnknown", Level = LogLevel.Warning,
        Message = "The keys of throttle tokens could not be read; until they are, calls cost some more storage requests.")]
    private partial void LogUnknown(Exception exception);

    /// <param name="Keys">In the order of their numbers.</param>
    /// <param name="ReadAt">When they were read, as a timestamp of the clock; null if they never were.</param>
    private sealed record Known(ThrottleKey[] Keys, long? ReadAt);
}
