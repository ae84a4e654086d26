namespace Presence.Tests.EndToEnd.Harness;

/// <summary>Waiting for what no signal tells of.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Long, for machines that are slow or busy: only a test that fails waits for its end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Asks again and again until the answer is yes.</summary>
    public static async Task BecomesTrueAsync(Func<Task<bool>> ask, string what)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        while (!await ask())
        {
            Assert.False(patience.IsCancellationRequested, $"Not within {Patience.TotalSeconds} s: {what}.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
