using Microsoft.Extensions.Time.Testing;

namespace Presence.Tests.Core;

/// <summary>Time that passes while something goes on.</summary>
internal static class Passing
{
    /// <summary>
    /// Lets the clock run until a call has ended, for calls that wait for it before they go on: slower than a real one, so that a busy machine
    /// does not take from a call the time it has.
    /// </summary>
    /// <param name="clock">The clock.</param>
    /// <param name="call">The call.</param>
    /// <param name="step">How far the clock goes every 20 ms; by default 10 ms.</param>
    public static async Task<T> RunAsync<T>(this FakeTimeProvider clock, Task<T> call, TimeSpan? step = null)
    {
        while (await Task.WhenAny(call, Task.Delay(20, TestContext.Current.CancellationToken)) != call)
        {
            clock.Advance(step ?? TimeSpan.FromMilliseconds(10));
        }

        return await call;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(this FakeTimeProvider clock, Task call, TimeSpan? step = null) => clock.RunAsync(AsResult(call), step);

    private static async Task<bool> AsResult(Task call)
    {
        await call;
        return true;
    }
}
