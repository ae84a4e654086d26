using System.Net;
using Microsoft.Extensions.Time.Testing;
using Presence.LocalHost.SignalR;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class FaultTests
{
    private static readonly TimeSpan AWhile = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(HttpStatusCode.TooManyRequests, 7)]
    public async Task ARefusedCallIsAnsweredSoAndNotCarriedOut(HttpStatusCode status, int? retryAfterSeconds)
    {
        TimeSpan? retryAfter = retryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        await using var harness = await CreateAsync(call =>
            IsSendToUser(call) && call.UserId == "ann" ? EmulatedFault.Refused(status, retryAfter) : null);
        var (ann, bob) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("bob"));

        var error = await Assert.ThrowsAsync<SignalRServiceException>(() => SendToAsync(harness, "ann"));
        await SendToAsync(harness, "bob");

        Assert.Equal((status, retryAfter), (error.StatusCode, error.RetryAfter));
        Assert.Equal("bob", (await bob.NextAsync()).GetString());
        await harness.AssertNothingReachedAsync(ann);
    }

    [Fact]
    public async Task ALostAnswerFailsTheCallAfterItWasCarriedOut()
    {
        await using var harness = await CreateAsync(call => IsSendToUser(call) ? EmulatedFault.AnswerLost : null);
        var ann = await harness.ConnectAsync("ann");

        var error = await Assert.ThrowsAsync<SignalRServiceException>(() => SendToAsync(harness, "ann"));

        Assert.Null(error.StatusCode);
        Assert.Equal("ann", (await ann.NextAsync()).GetString());
    }

    [Fact]
    public async Task ALostCallFailsWithoutHavingBeenCarriedOut()
    {
        await using var harness = await CreateAsync(call => IsSendToUser(call) ? EmulatedFault.Lost : null);
        var ann = await harness.ConnectAsync("ann");

        var error = await Assert.ThrowsAsync<SignalRServiceException>(() => SendToAsync(harness, "ann"));

        Assert.Null(error.StatusCode);
        await harness.AssertNothingReachedAsync(ann);
    }

    [Fact]
    public async Task ADelayedCallIsCarriedOutLater()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var harness = await CreateAsync(call =>
            IsSendToUser(call) && begun.TrySetResult() ? EmulatedFault.Delayed(AWhile) : null);
        var ann = await harness.ConnectAsync("ann");

        var sending = SendToAsync(harness, "ann");
        await begun.Task.InTime();
        await harness.AssertNothingReachedAsync(ann);
        await AdvanceUntilAsync(sending);

        Assert.Equal("ann", (await ann.NextAsync()).GetString());
    }

    [Theory]
    [InlineData(EmulatedOperation.Connected, "disconnected")]
    [InlineData(EmulatedOperation.Disconnected, "connected")]
    public async Task ALostEventNeverArrives(object lost, string heard)
    {
        await using var harness = await CreateAsync(
            call => call.UserId == "ann" && call.Operation == (EmulatedOperation)lost ? EmulatedFault.Lost : null);

        var ann = await harness.ConnectUnheardAsync("ann");
        await ann.Connection.StopAsync(Cancellation);
        await harness.ConnectUnheardAsync("bob");

        (string?, string)[] events = [await NextEventAsync(harness), await NextEventAsync(harness)];
        Assert.Equal([("ann", heard), ("bob", "connected")], events.OrderBy(e => e.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public async Task ADoubledEventArrivesTwiceBeforeTheNext()
    {
        await using var harness = await CreateAsync(call => call.Operation == EmulatedOperation.Connected ? EmulatedFault.Doubled : null);

        var ann = await harness.ConnectUnheardAsync("ann");
        await ann.Connection.StopAsync(Cancellation);

        Assert.Equal(("ann", "connected"), await NextEventAsync(harness));
        Assert.Equal(("ann", "connected"), await NextEventAsync(harness));
        Assert.Equal(("ann", "disconnected"), await NextEventAsync(harness));
    }

    [Theory]
    [InlineData(false, "connected", "disconnected")]
    [InlineData(true, "disconnected", "connected")]
    public async Task ADelayedEventHoldsUpThoseBehindItUnlessOvertaken(bool overtaken, string first, string second)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var harness = await CreateAsync(call => call.Operation == EmulatedOperation.Connected && begun.TrySetResult()
            ? overtaken ? EmulatedFault.Overtaken(AWhile) : EmulatedFault.Delayed(AWhile)
            : null);

        var ann = await harness.ConnectUnheardAsync("ann");
        await ann.Connection.StopAsync(Cancellation);
        await begun.Task.InTime();
        var early = NextEventAsync(harness);
        if (overtaken)
        {
            Assert.Equal(("ann", first), await early);
            early = NextEventAsync(harness);
        }

        await AdvanceUntilAsync(early);

        Assert.Equal(("ann", overtaken ? second : first), await early);
        Assert.Equal(("ann", second), overtaken ? await early : await NextEventAsync(harness));
    }

    // What AssertNothingReachedAsync sends goes to a connection.
    private static bool IsSendToUser(EmulatedCall call) => call is { Operation: EmulatedOperation.Send, UserId: not null };

    private static Task SendToAsync(EmulatorHarness harness, string user) =>
        harness.Service.SendToUserAsync(TestHub, user, TestClient.News, [user], Cancellation);

    private static async Task<(string? UserId, string Event)> NextEventAsync(EmulatorHarness harness)
    {
        var next = await harness.Application.Events.NextAsync();
        return (next.UserId, next.Event);
    }

    private Task<EmulatorHarness> CreateAsync(Func<EmulatedCall, EmulatedFault?> faults) =>
        StartAsync(new() { TimeProvider = _time, Faults = faults, UpstreamTimeout = Timeout.InfiniteTimeSpan });

    // The delay begins a moment after the hook was asked.
    private async Task AdvanceUntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            Cancellation.ThrowIfCancellationRequested();
            _time.Advance(AWhile);
            await Task.Yield();
        }

        await done;
    }
}
