using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Presence.Core.Concurrency;

/// <summary>Several sources read at once, as one.</summary>
internal static class Merged
{
    /// <summary>How many items are read ahead of whoever consumes them: about a page.</summary>
    private const int Ahead = 1_000;

    /// <summary>
    /// What all sources hold, in the order in which it comes. The failure of one ends the whole, and nothing is read on behind the back of a
    /// consumer that stops.
    /// </summary>
    /// <param name="sources">The sources.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="atOnce">How many of them are read at once; all, unless told otherwise.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        IEnumerable<IAsyncEnumerable<T>> sources, [EnumeratorCancellation] CancellationToken cancellationToken, int atOnce = int.MaxValue)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<T>(Ahead);
        var reading = Parallel.ForEachAsync(
            sources,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = stop.Token },
            async (source, token) =>
            {
                await foreach (var item in source.WithCancellation(token))
                {
                    await channel.Writer.WriteAsync(item, token);
                }
            });
        var ended = reading.ContinueWith(
            all => channel.Writer.TryComplete(all.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ended;
        }
    }
}
