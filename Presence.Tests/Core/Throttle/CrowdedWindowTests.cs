using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

/// <summary>More users call than one instance remembers windows of. Each user calls every 8 to 12 s.</summary>
public class CrowdedWindowTests
{
    private const int Window = 65;

    private readonly FakeTimeProvider _clock = Clock();

    [Theory]
    [InlineData(1_000, 1_100)]
    [InlineData(1_000, 1_900)]
    [InlineData(20_000, 22_000)]
    public void SomewhatMoreUsersThanTheLimitAreLookedUpOnceInAWindowStill(int most, int users) =>
        Assert.InRange(LookUpsPerUserMinute(most, users), 0, 1.2);

    [Theory]
    [InlineData(1_000, 2_200, 1.9)]
    [InlineData(1_000, 3_000, 3.2)]
    public void BeyondTwiceTheLimitThoseWhoHaveAWindowMostlyKeepIt(int most, int users, double lookUps) =>
        Assert.InRange(LookUpsPerUserMinute(most, users), 0, lookUps);

    private double LookUpsPerUserMinute(int most, int users)
    {
        const int Minutes = 4;
        const int Start = 3 * 60;
        var window = new ActivityWindow(new OptionsWrapper<PresenceOptions>(Settings(o => o.MaxThrottleEntries = most)), _clock);
        var random = new Random(1);
        var keys = Users(users);
        var calls = new PriorityQueue<int, double>(Enumerable.Range(0, users).Select(user => (user, random.NextDouble() * 10)));
        var recorded = new DateTimeOffset?[users];
        var (second, lookUps) = (0, 0);
        while (calls.TryDequeue(out var user, out var at) && at < Start + (60 * Minutes))
        {
            for (; second < at; second++)
            {
                window.TakeQuiet();
            }

            calls.Enqueue(user, at + 8 + (random.NextDouble() * 4));
            var now = Some.Start + Seconds(at);
            _clock.SetUtcNow(now);
            if (window.TryHold(keys[user], now) is null)
            {
                lookUps += at >= Start ? 1 : 0;
                LookUp(window, keys[user], ref recorded[user], now);
            }
        }

        return (double)lookUps / users / Minutes;
    }

    /// <summary>What a recorder does: storage refuses a record within a window of the last one.</summary>
    private static void LookUp(ActivityWindow window, PresenceKey user, ref DateTimeOffset? recorded, DateTimeOffset now)
    {
        var isThrottled = now < recorded + Seconds(Window);
        if (!isThrottled)
        {
            recorded = now;
            window.Told(user, now);
        }

        window.Remember(user, recorded!.Value + Seconds(Window), recorded.Value, isThrottled ? now : null);
    }
}
