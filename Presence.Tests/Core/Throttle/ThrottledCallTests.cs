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
        // What else goes on in this process weighs now in one sense, now in the other: the middle one of five.
        var keys = Users(users);
        var bytes = Enumerable.Range(0, 5).Select(_ => BytesOfEach(keys)).Order().ElementAt(2);

        TestContext.Current.TestOutputHelper?.WriteLine($"{users} users: {bytes:0.0} B each");
        Assert.InRange(bytes, 0, most);
    }

    [Fact]
    public void AWindowIs56BytesLong() => Assert.Equal(56, Unsafe.SizeOf<Window>());

    /// <summary>What a user takes in a window. Of few users in as many instances as make many, so that what else is allocated weighs little.</summary>
    private double BytesOfEach(PresenceKey[] keys)
    {
        var own = new LastRecord(Start, Start, IsConnected: true, Start, "W/\"datetime'2030-01-01T12%3A00%3A00.1234567Z'\"");
        var instances = Math.Max(1, 100_000 / keys.Length);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var windows = Enumerable.Range(0, instances).Select(_ => new ActivityWindow(new OptionsWrapper<PresenceOptions>(Settings()), _clock)).ToList();
        foreach (var window in windows)
        {
            foreach (var user in keys)
            {
                window.Remember(user, Start + Seconds(65), Start, held: Start + Seconds(5), own: own);
            }
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / ((double)keys.Length * instances);
        Assert.All(windows, window => Assert.Equal(keys.Length, window.Count));
        GC.KeepAlive(keys);
        return bytes;
    }

    private static void Call(ActivityRecorder recorder, PresenceEvent.Activity activity, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var call = recorder.RecordAsync(Alice, activity, token: null, CancellationToken.None);
            Assert.True(call.IsCompletedSuccessfully && call.Result.Throttled);
        }
    }
}
