using Microsoft.Extensions.Time.Testing;

namespace Presence.Tests.Core;

/// <summary>Time that passes while something goes on.</summary>
internal static class Passing
{
    /// <summary>Lets the clock run until a call has ended: for calls that wait for it before they go on.</summary>
    public static async Task<T> RunAsync<T>(this FakeTimeProvider clock, Task<T> call)
    {
        while (await Task.WhenAny(call, Task.Delay(5, TestContext.Current.CancellationToken)) != call)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        return await call;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(this FakeTimeProvider clock, Task call) => clock.RunAsync(AsResult(call));

    private static async Task<bool> AsResult(Task call)
    {
        await call;
        return true;
    }
}
