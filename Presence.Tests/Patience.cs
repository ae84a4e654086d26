namespace Presence.Tests;

/// <summary>What never comes fails the test, and holds up no other: by a clock of the tests a call may wait for ever.</summary>
internal static class Patience
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(90);

    /// <summary>The same; fails where it does not end.</summary>
    /// <param name="task">What is waited for.</param>
    /// <param name="why">What may have kept it, to be said then.</param>
    public static async Task<T> InTime<T>(this Task<T> task, Func<object?>? why = null)
    {
        try
        {
            return await task.WaitAsync(Most, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"Nothing came within {Most.TotalSeconds} s. {why?.Invoke()}");
            throw;
        }
    }

    /// <inheritdoc cref="InTime{T}"/>
    public static Task InTime(this Task task, Func<object?>? why = null) => AsResult(task).InTime(why);

    /// <summary>Ends when this holds, which no signal tells of.</summary>
    public static Task Until(Func<bool> holds, Func<object?>? why = null)
    {
        var stop = TestContext.Current.CancellationToken;
        return HoldsAsync().InTime(why);

        async Task HoldsAsync()
        {
            while (!holds())
            {
                await Task.Delay(1, stop);
            }
        }
    }

    private static async Task<bool> AsResult(Task task)
    {
        await task;
        return true;
    }
}
