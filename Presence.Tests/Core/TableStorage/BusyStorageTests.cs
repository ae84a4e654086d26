using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>Storage that asks for patience, or never answers: nobody waits for longer than the calls may take.</summary>
public sealed class BusyStorageTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Theory]
    [InlineData(503, "Retry-After", "60", 60)]
    [InlineData(429, "Retry-After", "1", 1)]
    [InlineData(503, "x-ms-retry-after-ms", "90000", 90)]
    [InlineData(500, "retry-after-ms", "86400000", 86_400)]
    public async Task WhoeverIsAskedToWaitForLongIsToldSoAtOnce(int status, string header, string value, double seconds)
    {
        var instance = await OpenAsync();
        _transport.Answer = _ => new FakeResponse(status, "", (header, value));

        // No time passes on the clock of the test, and a real minute would be more than the test has.
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));

        Assert.Equal((Seconds(seconds), 1), (refusal.RetryAfter!.Value, _transport.Requests.Count));
    }

    [Fact]
    public async Task AShortWaitIsWaitedOut()
    {
        var instance = await OpenAsync();
        var refused = 0;
        _transport.Answer = _ => refused++ < 1 ? new FakeResponse(503, "", ("retry-after-ms", "1")) : null;

        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task AStorageThatDoesNotSayForHowLongIsTriedAgain()
    {
        var instance = await OpenAsync();
        _transport.Answer = _ => new FakeResponse(503);

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));

        Assert.Equal((null, 2), (refusal.RetryAfter, _transport.Requests.Count));
    }

    [Fact]
    public async Task ASweepWaitsForNothingThatStorageAsksFor()
    {
        var instance = await OpenAsync();
        _transport.Answer = _ => new FakeResponse(503, "", ("Retry-After", "60"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Sweep.RunAsync(Cancellation));

        Assert.InRange(_transport.Requests.Count, 4, 6);
    }

    [Theory]
    [InlineData(false, 4.5)]
    [InlineData(true, 20)]
    public async Task ACallThatGetsNoAnswerEndsWithItsTime(bool patient, double seconds)
    {
        var instance = await OpenAsync();
        var asked = new TaskCompletionSource();
        _transport.Delay = async token =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        var table = instance.Get<PresenceTable>();
        Task call = patient
            ? table.QueryAsync(RowFilter.Prefixed("s00", "any"), null, Cancellation).CountAsync(Cancellation).AsTask()
            : table.FindAsync("s00", "any", Cancellation);
        await asked.Task;

        Clock.Advance(Seconds(seconds));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
    }

    [Fact]
    public async Task WhoWaitsForTheTableToBeOpenedByAnotherWaitsNoLongerThanItsOwnCallMay()
    {
        var instance = Create(transport: _transport);
        var asked = new TaskCompletionSource();
        _transport.Delay = async _ =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, Cancellation);
        };
        var table = instance.Get<PresenceTable>();
        var opening = table.OpenAsync(Cancellation);
        await asked.Task;
        using var gone = new CancellationTokenSource();
        var cancelled = table.OpenAsync(gone.Token);
        var waiting = table.OpenAsync(Cancellation);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(waiting.IsCompleted);
        Clock.Advance(Seconds(4.5));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => waiting);
        Assert.False(opening.IsCompletedSuccessfully);
    }

    private async Task<Instance> OpenAsync()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        _transport.Requests.Clear();
        return instance;
    }
}
