using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

public sealed class RequestCountingTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task EveryRequestIsCountedByWhatItIs()
    {
        var instance = Create(transport: _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal(
            _transport.Requests.Count,
            MetricCatalogue.StorageRequests.Attributes[0].Values.Sum(operation => Count(instance, operation, "ok") + Count(instance, operation, "conflict")));
        Assert.Equal((4, 3), (Count(instance, "query", "ok"), Count(instance, "transaction", "ok")));
        Assert.Equal(_transport.Requests.Count(r => r.StartsWith("GET", StringComparison.Ordinal) && r.Contains("RowKey=", StringComparison.Ordinal)),
            Count(instance, "read", "ok"));
    }

    [Fact]
    public async Task ARefusedConditionIsAConflict()
    {
        var instance = Create(transport: _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        var stored = await instance.Store.LoadAsync(Alice, Cancellation);

        Assert.True(await instance.Store.TryCommitAsync(stored, Stamped(stored), owed: null, Cancellation));
        Assert.False(await instance.Store.TryCommitAsync(stored, Stamped(stored), owed: null, Cancellation));

        Assert.Equal(1, Count(instance, "write", "conflict"));
    }

    [Fact]
    public async Task ATransactionIsCountedByThePartThatWasRefused()
    {
        var instance = Create(transport: _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        var stored = await instance.Store.LoadAsync(Alice, Cancellation);
        await instance.ApplyAsync(Alice, new SignedOut());

        Assert.False(await instance.Store.TryCommitAsync(stored, new(null, new ProfileRecord()), owed: null, Cancellation));

        // Two changes, the roster, and what they owed crossed out.
        Assert.Equal((6, 1), (Count(instance, "transaction", "ok"), Count(instance, "transaction", "conflict")));
    }

    [Fact]
    public async Task ARequestGivenUpByItsCallerIsNoFailureOfStorage()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        using var gone = new CancellationTokenSource();
        _transport.OnRequest = _ =>
        {
            gone.Cancel();
            gone.Token.ThrowIfCancellationRequested();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => instance.Store.LoadAsync(Alice, gone.Token).AsTask());

        Assert.Equal((1, 0), (Count(instance, "read", "canceled"), Count(instance, "read", "failed")));
    }

    [Theory]
    [InlineData(503, "throttled")]
    [InlineData(429, "throttled")]
    [InlineData(500, "failed")]
    public async Task EachTryIsCountedByItsOwnAnswer(int status, string outcome)
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        _transport.Answer = _ => new FakeResponse(status);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Store.LoadAsync(Alice, Cancellation).AsTask());

        Assert.Equal(2, Count(instance, "read", outcome));
    }

    [Fact]
    public async Task ARequestWithoutAnAnswerHasFailed()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        _transport.OnRequest = _ => throw FaultyTransport.Lost();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Store.LoadAsync(Alice, Cancellation).AsTask());

        Assert.Equal(2, Count(instance, "read", "failed"));
    }

    private static UserRecords Stamped(StoredUser stored) => stored.Records with { Online = stored.Records.Online! with { WriteId = "another" } };

    private static double Count(Instance instance, string operation, string outcome) =>
        instance.Totals.ValueOf(MetricCatalogue.StorageRequests, operation, outcome);
}
