using System.Diagnostics;
using System.Globalization;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>
/// The full case, by hand: PRESENCE_TEST_THROTTLE_USERS=200 PRESENCE_TEST_THROTTLE_SECONDS=90 PRESENCE_TEST_THROTTLE_WINDOW=60, each user
/// calling twice a second.
/// </summary>
public class DistributedThrottleTests(ITestOutputHelper output)
{
    private static readonly int Users = Size("USERS", 40);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Size("SECONDS", 8));
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(Size("WINDOW", 3));
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    [Fact]
    public async Task NoUserIsRecordedTwiceWithinAWindowWhicheverInstancesItCalls()
    {
        var writes = new RecordedWrites();
        await using var instances = await Instances.StartAsync(3, writes, ("ThrottleWindow", Window.ToString("c", CultureInfo.InvariantCulture)));

        var users = await Task.WhenAll(Enumerable.Range(0, Users).Select(seed => CallAsync(instances, new Random(seed))));

        output.WriteLine($"{users.Sum(u => u.Calls)} calls of {Users} users, {writes.ByUser.Sum(w => w.Count)} recorded, window {Window}.");
        var calls = users.ToDictionary(u => u.Id);
        Assert.Equal(Users, writes.ByUser.Count());
        foreach (var ofUser in writes.ByUser)
        {
            Assert.InRange(ofUser.Count, calls[ofUser[0].User].LeastRecorded, int.MaxValue);
            foreach (var (earlier, later) in ofUser.Zip(ofUser.Skip(1)))
            {
                Assert.True(later.RecordedAt - earlier.RecordedAt >= Window, $"{earlier.User}: {earlier.RecordedAt:O}, then {later.RecordedAt:O}");
                Assert.True(
                    Stopwatch.GetElapsedTime(earlier.Sent, later.Answered) >= Window, $"{earlier.User}: written twice within the window");
            }
        }
    }

    /// <summary>One user for the whole time: first at all instances at once, then at any, now and then at two.</summary>
    private static async Task<Caller> CallAsync(Instances instances, Random random)
    {
        var user = instances.Everywhere("user");
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(user.Select(u => u.ActAsync()));
        var (calls, last, longestPause) = (user.Length, began, TimeSpan.Zero);
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (Stopwatch.GetElapsedTime(began) < Duration && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            var started = Stopwatch.GetTimestamp();
            var chosen = random.GetItems(user, random.Next(1, 3));
            await Task.WhenAll(chosen.Select(u => u.ActAsync()));
            var pause = Stopwatch.GetElapsedTime(last);
            (calls, last, longestPause) = (calls + chosen.Length, started, pause > longestPause ? pause : longestPause);
        }

        return new(user[0].Id, calls, Stopwatch.GetElapsedTime(began, last), longestPause);
    }

    /// <summary>What a user did.</summary>
    /// <param name="Id">Who.</param>
    /// <param name="Calls">How often it called.</param>
    /// <param name="Span">From its first call to the start of its last.</param>
    /// <param name="LongestPause">From the start of a call to the end of the next, at most.</param>
    private sealed record Caller(string Id, int Calls, TimeSpan Span, TimeSpan LongestPause)
    {
        /// <summary>
        /// Nobody is kept from being recorded: a call comes within that pause after each end of the window, and after two thirds of one more for whoever has
        /// to wait for the instance that recorded last, whatever the machine.
        /// </summary>
        public int LeastRecorded => 1 + (int)(Span / ((Window * 9 / 5) + (2 * LongestPause)));
    }

    private static int Size(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable($"PRESENCE_TEST_THROTTLE_{name}"), CultureInfo.InvariantCulture, out var size) ? size : otherwise;
}
