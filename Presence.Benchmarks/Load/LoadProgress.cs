using System.Globalization;

namespace Presence.Benchmarks.Load;

/// <summary>Tells how it goes, in one line that is written over, or every so often where lines are kept.</summary>
internal sealed class LoadProgress(
    LoadArguments arguments, Tally tally, IReadOnlyCollection<LoadConnection> connections, TextWriter output, bool keepsLines)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EveryKept = TimeSpan.FromSeconds(10);

    public async Task TellAsync(CancellationToken over)
    {
        var since = TimeProvider.System.GetTimestamp();
        var every = keepsLines ? EveryKept : Every;
        var answered = 0L;
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(every, TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var perSecond = (tally.Answered - answered) / every.TotalSeconds;
            answered = tally.Answered;
            var line = Line(TimeProvider.System.GetElapsedTime(since), perSecond);
            output.Write(keepsLines ? line + "\n" : "\r" + line + "\u001b[K");
        }

        output.WriteLine();
    }

    private string Line(TimeSpan elapsed, double perSecond)
    {
        var errors = tally.Errors.Count == 0 ? "0" : string.Join(", ", tally.Errors.Select(error => $"{error.Key} {error.Value}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed:h\\:mm\\:ss}  {arguments.Users:#,0} users, {connections.Count(c => c.IsConnected):#,0} connected  {perSecond:0.#} calls/s  "
            + $"{LatencyText.Of(tally.Latencies)}  throttled {LatencyText.Share(tally.Throttled, tally.Answered)}  errors {errors} (meant {tally.Injected})");
    }
}
