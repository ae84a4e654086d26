namespace Presence.Tests.EndToEnd.Harness;

/// <summary>Waiting for what no signal tells of.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until the answer is yes.</summary>
    public static async Task BecomesTrueAsync(Func<Task<bool>> ask, string what, int withinSeconds = 15)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(withinSeconds), TimeProvider.System);
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        while (!await ask())
        {
            Assert.False(patience.IsCancellationRequested, $"Not within {withinSeconds} s: {what}.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
