using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Throttle;
using Presence.Tests.EndToEnd.Harness;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

/// <summary>What a throttled call, and a user with a window, may cost in memory.</summary>
[Collection(nameof(Alone))]
public class ThrottledCallTests
{
    private readonly FakeTimeProvider _clock = Clock();

    [Fact]
    public async Task AThrottledCallAllocatesNothing()
    {
        await using var instance = Instance.OverMemory(new InMemoryPresenceStore(), _clock, o => o.DefaultConversation = "");
        await instance.Recorder.RecordAsync(Alice, Start);
        _clock.Advance(Seconds(2));
        var activity = new PresenceEvent.Activity(_clock.GetUtcNow());
        Call(instance.Recorder, activity, times: 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Call(instance.Recorder, activity, times: 1_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_001, instance.Counts.ThrottledRequests);
    }

    [Theory]
    [InlineData(1_000, 100)]
    [InlineData(100_000, 64)]
    [InlineData(250_000, 64)]
    public void AUserTakesLittleBesideItsId(int users, double most)
    {
        // Of few users as many instances as make many: what else goes on in this process must not weigh.
        var (keys, instances) = (Users(users), Math.Max(1, 100_000 / users));
        var own = new LastRecord(Start, Start, IsConnected: true, Start, "W/\"datetime'2030-01-01T12%3A00%3A00.1234567Z'\"");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var windows = Enumerable.Range(0, instances).Select(_ => new ActivityWindow(new OptionsWrapper<PresenceOptions>(Settings()), _clock)).ToList();
        foreach (var window in windows)
        {
            foreach (var user in keys)
            {
                window.Remember(user, Start + Seconds(65), Start, held: Start + Seconds(5), own: own);
            }
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / ((double)users * instances);

        TestContext.Current.TestOutputHelper?.WriteLine($"{users} users: {bytes:0.0} B each");
        Assert.InRange(bytes, 0, most);
        Assert.All(windows, window => Assert.Equal(users, window.Count));
        GC.KeepAlive(keys);
    }

    [Fact]
    public void AWindowIs56BytesLong() => Assert.Equal(56, Unsafe.SizeOf<Window>());

    private static void Call(ActivityRecorder recorder, PresenceEvent.Activity activity, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var call = recorder.RecordAsync(Alice, activity, token: null, CancellationToken.None);
            Assert.True(call.IsCompletedSuccessfully && call.Result.Throttled);
        }
    }
}
