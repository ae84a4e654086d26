using Presence.Core.Concurrency;

namespace Presence.Tests.Core.Concurrency;

public class MergedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EverythingOfEverySourceComesOnce()
    {
        var all = await Merged.ReadAsync([Numbers(0, 2_500), Numbers(2_500, 1), Numbers(2_501, 0)], Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, 2_501), all.Order());
    }

    [Fact]
    public async Task SourcesAreReadAtOnce()
    {
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();

        // Each waits for the other to have begun.
        var all = Merged.ReadAsync([Meet(first, second), Meet(second, first)], Cancellation).CountAsync(Cancellation);

        Assert.Equal(2, await all);

        static async IAsyncEnumerable<int> Meet(TaskCompletionSource mine, TaskCompletionSource other)
        {
            mine.SetResult();
            await other.Task;
            yield return 1;
        }
    }

    [Fact]
    public async Task TheFailureOfOneSourceIsTheFailureOfAllAndEndsTheOthers()
    {
        var ended = new TaskCompletionSource();

        await Assert.ThrowsAsync<InvalidDataException>(
            () => Merged.ReadAsync([Failing(), EndlessAsync(ended, Cancellation)], Cancellation).CountAsync(Cancellation).AsTask());
        await ended.Task;

        static async IAsyncEnumerable<int> Failing()
        {
            await Task.Yield();
            yield return 1;
            throw new InvalidDataException();
        }
    }

    [Fact]
    public async Task AConsumerThatStopsEndsAllSources()
    {
        var ended = new TaskCompletionSource();

        Assert.Equal(1, await Merged.ReadAsync([EndlessAsync(ended, Cancellation)], Cancellation).FirstAsync(Cancellation));

        await ended.Task;
    }

    [Fact]
    public async Task ACancelledReadIsNoEnd()
    {
        using var gone = new CancellationTokenSource();
        var ended = new TaskCompletionSource();
        var read = Merged.ReadAsync([EndlessAsync(ended, Cancellation)], gone.Token).CountAsync(Cancellation).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await ended.Task;
    }

    private static IAsyncEnumerable<int> Numbers(int start, int count) => Enumerable.Range(start, count).ToAsyncEnumerable();

    private static async IAsyncEnumerable<int> EndlessAsync(
        TaskCompletionSource ended, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return 1;
            }
        }
        finally
        {
            ended.SetResult();
        }
    }
}
