using System.Runtime.CompilerServices;
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
        var endless = new Endless();

        await Assert.ThrowsAsync<InvalidDataException>(
            () => Merged.ReadAsync([FailingAsync(), endless.ReadAsync(Cancellation)], Cancellation).CountAsync(Cancellation).AsTask());
        await endless.Ended;

        async IAsyncEnumerable<int> FailingAsync()
        {
            await endless.Begun;
            yield return 1;
            throw new InvalidDataException();
        }
    }

    [Fact]
    public async Task AConsumerThatStopsEndsAllSources()
    {
        var endless = new Endless();

        Assert.Equal(1, await Merged.ReadAsync([endless.ReadAsync(Cancellation)], Cancellation).FirstAsync(Cancellation));

        await endless.Ended;
    }

    [Fact]
    public async Task ACancelledReadIsNoEnd()
    {
        using var gone = new CancellationTokenSource();
        var endless = new Endless();
        var read = Merged.ReadAsync([endless.ReadAsync(Cancellation)], gone.Token).CountAsync(Cancellation).AsTask();

        await endless.Begun;
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await endless.Ended;
    }

    private static IAsyncEnumerable<int> Numbers(int start, int count) => Enumerable.Range(start, count).ToAsyncEnumerable();

    /// <summary>A source that ends only when it is told to.</summary>
    private sealed class Endless
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Reading has begun: one that has not when all is over never ends.</summary>
        public Task Begun => _begun.Task;

        public Task Ended => _ended.Task;

        public async IAsyncEnumerable<int> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                _begun.SetResult();
                while (true)
                {
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return 1;
                }
            }
            finally
            {
                _ended.SetResult();
            }
        }
    }
}
