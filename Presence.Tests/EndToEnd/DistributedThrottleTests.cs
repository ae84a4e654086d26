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

        var calls = await Task.WhenAll(Enumerable.Range(0, Users).Select(seed => CallAsync(instances, new Random(seed))));

        output.WriteLine($"{calls.Sum()} calls of {Users} users, {writes.ByUser.Sum(w => w.Count)} recorded, window {Window}.");
        Assert.Equal(Users, writes.ByUser.Count());
        foreach (var ofUser in writes.ByUser)
        {
            // Nor is any kept from being recorded: a call falls into each half second after a window, or a little later on a busy machine.
            Assert.InRange(ofUser.Count, 1 + (int)(Duration / (Window + TimeSpan.FromSeconds(2))), 1 + (int)(Duration / Window));
            foreach (var (earlier, later) in ofUser.Zip(ofUser.Skip(1)))
            {
                Assert.True(
                    later.LastActiveAt - earlier.LastActiveAt >= Window, $"{earlier.User}: {earlier.LastActiveAt:O}, then {later.LastActiveAt:O}");
                Assert.True(
                    Stopwatch.GetElapsedTime(earlier.Sent, later.Answered) >= Window, $"{earlier.User}: written twice within the window");
            }
        }
    }

    /// <summary>One user for the whole time: first at all instances at once, then at any, now and then at two.</summary>
    private static async Task<int> CallAsync(Instances instances, Random random)
    {
        var user = instances.Everywhere("user");
        await Task.WhenAll(user.Select(u => u.ActAsync()));
        var (calls, began) = (user.Length, Stopwatch.GetTimestamp());
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (Stopwatch.GetElapsedTime(began) < Duration && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            var chosen = random.GetItems(user, random.Next(1, 3));
            await Task.WhenAll(chosen.Select(u => u.ActAsync()));
            calls += chosen.Length;
        }

        return calls;
    }

    private static int Size(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable($"PRESENCE_TEST_THROTTLE_{name}"), CultureInfo.InvariantCulture, out var size) ? size : otherwise;
}
