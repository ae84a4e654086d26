using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

/// <summary>More users who call than one instance remembers windows of.</summary>
public class CrowdedWindowTests
{
    private readonly FakeTimeProvider _clock = Clock();

    [Theory]
    [InlineData(1_000, 90)]
    [InlineData(1_000, 100)]
    [InlineData(1_000, 110)]
    [InlineData(1_000, 150)]
    [InlineData(1_000, 190)]
    [InlineData(1_000, 220)]
    [InlineData(1_000, 300)]
    [InlineData(10_000, 110)]
    [InlineData(10_000, 300)]
    public void Report(int most, int percent)
    {
        var lookUps = LookUpsPerUserMinute(most, most * percent / 100);
        TestContext.Current.TestOutputHelper?.WriteLine($"{most} {percent} %: {lookUps:0.000}");
        Assert.Fail($"{most} {percent} %: {lookUps:0.000}");
    }

    /// <summary>Each user calls every 8 to 12 s. Storage refuses a record within 65 s of the last one.</summary>
    private double LookUpsPerUserMinute(int most, int users)
    {
        const int Minutes = 10;
        var window = new ActivityWindow(new OptionsWrapper<PresenceOptions>(Settings(o => o.MaxThrottleEntries = most)), _clock);
        var random = new Random(1);
        var keys = Users(users);
        var calls = new PriorityQueue<int, double>(Enumerable.Range(0, users).Select(u => (u, random.NextDouble() * 10)));
        var recorded = new Dictionary<PresenceKey, DateTimeOffset>();
        var (seconds, lookUps) = (0.0, 0);
        while (calls.TryPeek(out var user, out var at) && at < 60 * (Minutes + 3))
        {
            while (seconds + 1 <= at)
            {
                seconds++;
                _clock.SetUtcNow(Start + Seconds(seconds));
                window.TakeQuiet();
            }

            calls.Dequeue();
            calls.Enqueue(user, at + 8 + (random.NextDouble() * 4));
            var now = Start + Seconds(at);
            _clock.SetUtcNow(now);
            if (window.TryHold(keys[user], now) is not null)
            {
                continue;
            }

            lookUps += at >= 180 ? 1 : 0;
            var isThrottled = recorded.TryGetValue(keys[user], out var last) && now < last + Seconds(65);
            if (!isThrottled)
            {
                recorded[keys[user]] = last = now;
                window.Told(keys[user], now);
            }

            window.Remember(keys[user], last + Seconds(65), last, isThrottled ? now : null);
        }

        return (double)lookUps / users / Minutes;
    }
}
