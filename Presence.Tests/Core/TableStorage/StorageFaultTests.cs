using System.Text;
using Azure.Core;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

public sealed class StorageFaultTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(403)]
    [InlineData(429)]
    public async Task AServiceThatRefusesIsOutOfReach(int status)
    {
        var instance = Create(transport: _transport);
        _transport.Answer = _ => new FakeResponse(status);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Recorder.RecordAsync(Alice, Start).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Sweep.RunAsync(Cancellation));
        _transport.Answer = null;
        await instance.Recorder.RecordAsync(Alice, Start);
        Assert.Single(instance.Realtime.Told);
    }

    [Fact]
    public async Task ATableThatIsBeingDeletedIsOutOfReachUntilItCanBeMadeAnew()
    {
        var instance = Create(transport: _transport);
        _transport.Answer = request => request.Method == RequestMethod.Post
            ? new FakeResponse(409, """{"odata.error":{"code":"TableBeingDeleted"}}""", ("Content-Type", "application/json"), ("x-ms-error-code", "TableBeingDeleted"))
            : null;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Recorder.RecordAsync(Alice, Start).AsTask());
        _transport.Answer = null;
        await instance.Recorder.RecordAsync(Alice, Start);
        Assert.Single(instance.Realtime.Told);
    }

    [Fact]
    public async Task AServiceThatDoesNotAnswerInTimeIsOutOfReachAfterOneRetry()
    {
        var instance = Create(transport: _transport);
        await instance.ApplyAsync(Bob, new Activity(Start));
        _transport.Requests.Clear();
        _transport.OnRequest = _ => throw new TaskCanceledException("the try took too long");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(Alice, new Activity(Start)));
        Assert.Equal(2, _transport.Requests.Count);
    }

    [Fact]
    public async Task ACallerWhoGivesUpIsNotToldThatStorageIsOutOfReach()
    {
        var instance = Create(transport: _transport);
        await instance.ApplyAsync(Bob, new Activity(Start));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await instance.Store.LoadAsync(Alice, gone.Token));
    }

    [Fact]
    public async Task ATransactionThatFailsInTheMiddleLeavesNothing()
    {
        var instance = Create();
        // The online row is already there, which nobody who read the user's records could know.
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        var nobody = await instance.Store.LoadAsync(Alice, Cancellation);
        var partition = TableKeys.Partition(TableKeys.Shard(Alice, 4));
        await Table.AddEntityAsync(new Azure.Data.Tables.TableEntity(partition, TableKeys.Online(Alice)), Cancellation);

        var committed = await instance.Store.TryCommitAsync(nobody, Records(), Owed(), Cancellation);

        Assert.False(committed);
        Assert.Equal([TableKeys.Online(Alice)], await RowsAsync(partition));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task ShortPagesAreReadToTheirEnd(int pageSize)
    {
        var instance = Create(o => o.ShardCount = 1, _transport);
        foreach (var user in Users(7))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        _transport.PageSize = pageSize;

        Assert.Equal(7, await instance.DueStore.DueAsync(0, Start + Seconds(300), Cancellation).CountAsync(Cancellation));
        Assert.Equal(7, await instance.Store.RosterAsync("lobby", Cancellation).CountAsync(Cancellation));
        Assert.Equal(7, await instance.Store.OnlineAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task AnEmptyPageWithMoreToComeIsNotTheEnd()
    {
        var instance = Create(o => o.ShardCount = 1, _transport);
        await instance.ApplyAsync(Alice, new Activity(Start));
        var empty = 0;

        // Azurite writes its tokens as base64: go on in this partition, behind a key before all others.
        var partition = TableKeys.Conversation("lobby");
        _transport.Answer = request => IsQuery(request) && empty++ < 3
            ? new FakeResponse(
                200,
                """{"value":[]}""",
                ("Content-Type", "application/json"),
                ("x-ms-continuation-NextPartitionKey", Convert.ToBase64String(Encoding.UTF8.GetBytes(partition))),
                ("x-ms-continuation-NextRowKey", "YQ=="))
            : null;

        Assert.Single(await instance.Store.RosterAsync("lobby", Cancellation).ToListAsync(Cancellation));
        (empty, partition) = (0, TableKeys.Partition(0));
        Assert.Single(await instance.DueStore.DueAsync(0, Start + Seconds(300), Cancellation).ToListAsync(Cancellation));
        Assert.Equal(4, empty);
    }

    [Fact]
    public async Task AShardThatCannotBeReadDoesNotStopTheSweepOfTheOthers()
    {
        var instance = Create(transport: _transport);
        foreach (var user in Users(12))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Clock.Advance(TimeSpan.FromMinutes(5));
        _transport.Answer = request => IsQuery(request) && request.Uri.Query.Contains("s00", StringComparison.Ordinal) ? new FakeResponse(503) : null;
        var report = await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal(1, report.FailedShards);
        var others = Users(12).Where(u => TableKeys.Shard(u, 4) != 0).Select(u => u.ToString()).Order(StringComparer.Ordinal);
        Assert.Equal(others.Count(), report.Transitions);
        Assert.Equal(
            others, instance.Realtime.Told.Where(v => v.Status == PresenceStatus.Offline).Select(v => v.UserId).Order(StringComparer.Ordinal));
    }

    private static bool IsQuery(Request request) => request.Uri.Query.Contains("filter", StringComparison.Ordinal);

    private static UserRecords Records() => new(
        new OnlineRecord { Since = Start, LastActiveAt = Start, RecordedAt = Start, Status = PresenceStatus.Online, Version = 1, Conversations = ["a"] }, null);

    private static StoredDuty Owed() => new(Alice, "w", new Duty { Connections = [Connection], Closes = true }, Start);

    private async Task<List<string>> RowsAsync(string partition) =>
        await Table.QueryAsync<Azure.Data.Tables.TableEntity>(e => e.PartitionKey == partition, cancellationToken: Cancellation)
            .Select(e => e.RowKey).ToListAsync(Cancellation);
}
