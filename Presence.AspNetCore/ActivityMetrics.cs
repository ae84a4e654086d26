using System.Diagnostics.Metrics;

namespace Presence.AspNetCore;

/// <summary>What became of a request.</summary>
internal enum RequestOutcome
{
    /// <summary>Inside the window of its user.</summary>
    Held,

    /// <summary>To be told.</summary>
    Queued,

    /// <summary>Of an id that cannot be one.</summary>
    Invalid,
}

/// <summary>What became of an entry.</summary>
internal enum EntryOutcome
{
    /// <summary>Written by the server.</summary>
    Recorded,

    /// <summary>Held back by it.</summary>
    Throttled,

    /// <summary>Nothing new to it.</summary>
    Ignored,

    /// <summary>To be sent again.</summary>
    Failed,

    /// <summary>Refused: it breaks a limit.</summary>
    Refused,

    /// <summary>Given up, because there was no room, or no time.</summary>
    Dropped,
}

/// <summary>The instruments of the meter <c>Presence.AspNetCore</c>. None of them names a user.</summary>
internal sealed class ActivityMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Presence.AspNetCore";

    private static readonly string[] Requests = Enum.GetNames<RequestOutcome>().Select(Small).ToArray();
    private static readonly string[] EntryNames = Enum.GetNames<EntryOutcome>().Select(Small).ToArray();

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _entries;
    private readonly Histogram<double> _duration;
    private long _dropped;

    public ActivityMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _requests = _meter.CreateCounter<long>("presence.client.requests", "{request}", "Requests seen, by what became of them: held, queued, invalid.");
        _entries = _meter.CreateCounter<long>(
            "presence.client.entries", "{entry}", "Entries, by what became of them: recorded, throttled, ignored, failed, refused, dropped.");
        _duration = _meter.CreateHistogram<double>("presence.client.batch.duration", "s", "How long a batch took, with all tries.");
    }

    /// <summary>How many entries were dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Observe(Func<int> queue, Func<int> users)
    {
        _meter.CreateObservableUpDownCounter("presence.client.queue.length", queue, "{entry}", "Entries that wait.");
        _meter.CreateObservableUpDownCounter("presence.client.users", users, "{user}", "Users whose window is remembered.");
    }

    public void Requested(RequestOutcome outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", Requests[(int)outcome]));

    public void Entries(EntryOutcome outcome, int count)
    {
        if (count > 0)
        {
            _entries.Add(count, new KeyValuePair<string, object?>("outcome", EntryNames[(int)outcome]));
        }

        if (outcome == EntryOutcome.Dropped)
        {
            Interlocked.Add(ref _dropped, count);
        }
    }

    public void Sent(TimeSpan took, string? failure)
    {
        if (failure is null)
        {
            _duration.Record(took.TotalSeconds);
        }
        else
        {
            _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("error.type", failure));
        }
    }

    private static string Small(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
