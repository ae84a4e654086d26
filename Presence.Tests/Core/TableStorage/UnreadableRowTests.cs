using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Erasing;
using Presence.Core.Metrics;
using Presence.Core.Population;
using Presence.Core.Ports;
using Presence.Core.Reports;
using Presence.Core.Sessions;
using Presence.Core.Stats;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>Rows that cannot be read stand in nobody's way but their own user's.</summary>
public sealed class UnreadableRowTests(AzuriteFixture azurite) : TableTests(azurite)
{
    /// <summary>A column of a user's online row, and what is wrong with it; null removes it.</summary>
    public static TheoryData<string, object?> Damages => new()
    {
        { nameof(OnlineRecord.Status), null },
        { nameof(OnlineRecord.Status), 7 },
        { nameof(OnlineRecord.Since), null },
        { nameof(OnlineRecord.LastActiveAt), "yesterday" },
        { nameof(OnlineRecord.Version), "many" },
        { nameof(ConnectionSet.Open), "[{" },
        { nameof(ConnectionSet.Open), "[null]" },
        { nameof(OnlineRecord.IsWatched), "perhaps" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task TheOthersAreSweptAndTheUserStaysAsItIs(string column, object? value)
    {
        var instance = Create(o => o.ShardCount = 1);
        await ComeAsync(instance, [.. Users(6), Alice]);
        await DamageAsync(TableKeys.Online(Alice), column, value);
        Clock.Advance(TimeSpan.FromMinutes(5));

        var report = await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal((6, 6, 0), (report.Due, report.Transitions, report.FailedShards));
        Assert.True(Unreadable(instance) >= 1);
        await Assert.ThrowsAsync<UnreadableRowException>(() => instance.ViewAsync(Alice));
    }

    [Fact]
    public async Task StatsCensusAndRostersGoOnWithoutThem()
    {
        var instance = Create(o => o.ShardCount = 1);
        await ComeAsync(instance, Conversation, [.. Users(3), Alice]);
        await DamageAsync(TableKeys.Online(Alice), nameof(OnlineRecord.Status), null);
        await DamageAsync(TableKeys.Roster(Alice, 1), nameof(PresenceView.Status), null);

        Assert.Equal(3, (await instance.Get<StatsReader>().ReadAsync(Cancellation)).OnlineUsers);
        Assert.Equal(3, (await instance.Get<CensusTaker>().TakeAsync(Cancellation)).Online);
        Assert.Equal(3, (await instance.Rosters.ReadAsync(Conversation, Cancellation)).Members.Length);
        Assert.Equal(3, Unreadable(instance));
    }

    [Fact]
    public async Task AKeyThatNamesNobodyIsPassedOverToo()
    {
        var instance = Create(o => o.ShardCount = 1);
        await ComeAsync(instance, Conversation, Alice);
        await CopyAsync(TableKeys.Online(Alice), TableKeys.OnlinePrefix + "anon:");
        await CopyAsync(TableKeys.Roster(Alice, 1), TableKeys.Roster(Alice, 1).Replace("alice", "anon:", StringComparison.Ordinal));
        Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Single((await instance.Rosters.ReadAsync(Conversation, Cancellation)).Members);
        Assert.Equal(1, (await instance.Sweep.RunAsync(Cancellation)).Transitions);
    }

    [Fact]
    public async Task AskedForAloneItIsAnErrorAndAmongOthersItIsLeftOut()
    {
        var instance = Create(o => o.ShardCount = 1);
        await ComeAsync(instance, Alice, Bob);
        await DamageAsync(TableKeys.Online(Alice), nameof(OnlineRecord.Since), null);
        var reader = instance.Get<Presence.Core.Engine.PresenceReader>();

        await Assert.ThrowsAsync<UnreadableRowException>(() => reader.ReadAsync(Guest, [Alice], Cancellation));
        await Assert.ThrowsAsync<UnreadableRowException>(() => instance.ApplyAsync(Alice, new Activity(Start + Seconds(100))));
        Assert.Equal(["bob", "user-1"], (await reader.ReadAsync(Guest, [Bob, Alice, .. Users(1)], Cancellation)).Select(v => v.UserId));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task ItsUserCanBeErasedAndOthersAreTold(string column, object? value)
    {
        var instance = Create();
        await ComeAsync(instance, Conversation, Alice, Bob);
        await DamageAsync(TableKeys.Online(Alice), column, value);

        var report = await instance.Get<Erasure>().EraseAsync(Alice, Cancellation);

        Assert.True(report.WasOnline);
        Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(Alice)).Status);
        Assert.Equal(["alice"], instance.Realtime.ToldTo("conversation:" + Conversation).Where(v => !v.IsOnline).Select(v => v.UserId));
        Assert.Equal(["bob"], (await instance.Rosters.ReadAsync(Conversation, Cancellation)).Members.Select(m => m.UserId));
        Assert.Equal(1, (await instance.Get<StatsReader>().ReadAsync(Cancellation)).TotalUsers);
        Assert.Equal(["bob"], await IdsLeftAsync());
    }

    [Fact]
    public async Task AProfileThatCannotBeReadCanBeErasedToo()
    {
        var instance = Create();
        await ComeAsync(instance, Alice);
        await instance.ApplyAsync(Alice, new SignedOut());
        await DamageAsync(TableKeys.Profile(Alice), nameof(ProfileRecord.LastSeenAt), "never");

        await instance.Get<Erasure>().EraseAsync(Alice, Cancellation);

        Assert.Equal(0, (await instance.Get<StatsReader>().ReadAsync(Cancellation)).TotalUsers);
        Assert.Empty(await IdsLeftAsync());
    }

    [Fact]
    public async Task AGuestWhoseSessionCannotBeReadIsNotLetInAndCanBeRevoked()
    {
        var instance = Create();
        var session = await instance.Get<AnonymousSessions>().IssueAsync(Guest, Seconds(60), Cancellation);
        var row = await Table.QueryAsync<TableEntity>(e => e.RowKey.CompareTo("se:") >= 0 && e.RowKey.CompareTo("se;") < 0, cancellationToken: Cancellation).SingleAsync(Cancellation);
        row["ExpiresAt"] = "soon";
        await Table.UpdateEntityAsync(row, Azure.ETag.All, TableUpdateMode.Replace, Cancellation);
        await using var other = Create();
        var sessions = other.Get<AnonymousSessions>();

        await Assert.ThrowsAsync<UnreadableRowException>(() => sessions.ValidateAsync(session.Token, Cancellation).AsTask());
        Assert.Equal(1, await sessions.RevokeAsync(Guest, Cancellation));
    }

    [Fact]
    public async Task ReportsThatCannotBeReadAreLeftOutOfTheSumAndStay()
    {
        var instance = Create();
        await instance.Recorder.RecordAsync(Alice, Start);
        await instance.Get<InstanceReporter>().ReportAsync(Cancellation);
        await Table.AddEntityAsync(new TableEntity(TableKeys.MetaPartition, "in:broken") { ["Totals"] = "{", ["ReportedAt"] = Start }, Cancellation);
        await Table.AddEntityAsync(new TableEntity(TableKeys.MetaPartition, "in:retired") { ["Totals"] = "[", ["ReportedAt"] = Start }, Cancellation);
        var store = instance.Get<IMaintenanceStore>();

        Assert.Equal(1, (await instance.Get<SharedMetrics>().GetAsync(Cancellation)).Counts.TotalRequests);
        await store.RetireReportsAsync(Start + Seconds(100), Cancellation);

        Assert.Equal(3, await Table.QueryAsync<TableEntity>(e => e.PartitionKey == TableKeys.MetaPartition && e.RowKey.CompareTo("in:") >= 0 && e.RowKey.CompareTo("in;") < 0, cancellationToken: Cancellation).CountAsync(Cancellation));
    }

    [Theory]
    [InlineData("sweep")]
    [InlineData("census")]
    [InlineData("baseline")]
    public async Task ASharedRowThatCannotBeReadIsAsIfItWereNotThere(string row)
    {
        var instance = Create();
        var store = instance.Get<IMaintenanceStore>();
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        await Table.AddEntityAsync(new TableEntity(TableKeys.MetaPartition, row) { ["Other"] = 1 }, Cancellation);

        Assert.Null(await store.FindLastSweepAsync(Cancellation));
        Assert.Null(await store.FindCensusAsync(Cancellation));
        Assert.Equal(default, await store.FindBaselineAsync(Cancellation));
        Assert.Equal(1, Unreadable(instance));
    }

    [Fact]
    public async Task ATotalThatCannotBeReadIsNotCountedAndNotWrittenOver()
    {
        var instance = Create(o => o.ShardCount = 1);
        await ComeAsync(instance, Alice, Bob);
        await Table.AddEntityAsync(new TableEntity("s00", UserCount.TotalRow) { ["Total"] = "many" }, Cancellation);
        var store = instance.Get<IMaintenanceStore>();

        await store.AddUpUsersAsync(Cancellation);

        Assert.Equal(2, await store.CountUsersAsync(Cancellation));
    }

    [Fact]
    public async Task AStatusOfANewerVersionIsReadAsOnlineAndMendedByTheNextChange()
    {
        var instance = Create(o => o.ShardCount = 1);
        await ComeAsync(instance, Alice);
        await ComeAsync(instance, Conversation, Bob);
        await DamageAsync(TableKeys.Online(Alice), nameof(OnlineRecord.Status), "Busy");
        await DamageAsync(TableKeys.Roster(Bob, 1), nameof(PresenceView.Status), "Busy");

        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
        Assert.Equal(new Occupancy(1, 1, 0), (await instance.Rosters.ReadAsync(Conversation, Cancellation)).Occupancy);
        Assert.Equal(2, (await instance.Get<CensusTaker>().TakeAsync(Cancellation)).Online);
        Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(2, (await instance.Sweep.RunAsync(Cancellation)).Transitions);
        Assert.Equal(0, Unreadable(instance));
    }

    [Fact]
    public async Task TheLogNamesTheKindOfRowAndHowToFindItAndNobodysName()
    {
        using var measured = new Presence.Tests.Core.Metrics.Measured();
        var log = new Microsoft.Extensions.Logging.Testing.FakeLogger<RowReader>();
        var rows = new RowReader(measured.Metrics, Clock, log);
        await ComeAsync(Create(o => o.ShardCount = 1), Alice);
        await DamageAsync(TableKeys.Online(Alice), nameof(OnlineRecord.LastActiveAt), "alice");
        var row = (await Table.GetEntityAsync<TableEntity>("s00", TableKeys.Online(Alice), cancellationToken: Cancellation)).Value;

        for (var i = 0; i < 5; i++)
        {
            Assert.False(rows.TryRead(row, UserEntities.ToOnlineRecord, out _));
        }

        var first = Assert.Single(log.Collector.GetSnapshot());
        Assert.Contains("kind on:", first.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", first.Message, StringComparison.Ordinal);
        Assert.Null(first.Exception);
        var filter = first.Message[first.Message.IndexOf("PartitionKey", StringComparison.Ordinal)..^1];
        Assert.Equal(TableKeys.Online(Alice), (await Table.QueryAsync<TableEntity>(filter, cancellationToken: Cancellation).SingleAsync(Cancellation)).RowKey);

        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(rows.TryRead(row, UserEntities.ToOnlineRecord, out _));
        Assert.Contains("passed over, 5 times", log.LatestRecord.Message, StringComparison.Ordinal);
    }

    private static double Unreadable(Instance instance) => instance.Totals.ValueOf(MetricCatalogue.UnreadableRows);

    /// <summary>They are here, and others have been told.</summary>
    private static Task ComeAsync(Instance instance, params PresenceKey[] users) => ComeAsync(instance, null, users);

    private static async Task ComeAsync(Instance instance, string? conversation, params PresenceKey[] users)
    {
        foreach (var user in users)
        {
            var here = new OnlineRecord
            {
                Since = Start, LastActiveAt = Start, RecordedAt = Start, DueAt = Start + Seconds(300), Status = PresenceStatus.Online,
                Conversations = conversation is null ? [] : [conversation], Version = 1,
            };
            Assert.True(await instance.Store.TryCommitAsync(
                await instance.Store.LoadAsync(user, Cancellation), new(here, null), owed: null, Cancellation));
            if (conversation is not null)
            {
                await instance.Store.WriteRosterAsync(conversation, [new(user, 1, new UserRecords(here, null).ViewOf(user))], Cancellation);
            }
        }
    }

    /// <summary>The ids that the keys of users' rows hold.</summary>
    private async Task<List<string>> IdsLeftAsync() => await Table
        .QueryAsync<TableEntity>(e => e.RowKey.CompareTo("on:") >= 0 && e.RowKey.CompareTo("on;") < 0 || e.RowKey.CompareTo("us:") >= 0 && e.RowKey.CompareTo("us;") < 0 || e.RowKey.CompareTo("cm:") >= 0 && e.RowKey.CompareTo("cm;") < 0, cancellationToken: Cancellation)
        .Select(row => row.RowKey[3..].Split(TableKeys.Separator)[0])
        .Distinct()
        .ToListAsync(Cancellation);

    private async Task DamageAsync(string rowKey, string column, object? value)
    {
        var row = await FindAsync(rowKey);
        row.Remove(column);
        if (value is not null)
        {
            row[column] = value;
        }

        await Table.UpdateEntityAsync(row, Azure.ETag.All, TableUpdateMode.Replace, Cancellation);
    }

    private async Task CopyAsync(string rowKey, string to)
    {
        var row = await FindAsync(rowKey);
        row.RowKey = to;
        await Table.AddEntityAsync(row, Cancellation);
    }

    private async Task<TableEntity> FindAsync(string rowKey) =>
        await Table.QueryAsync<TableEntity>(e => e.RowKey == rowKey, cancellationToken: Cancellation).SingleAsync(Cancellation);
}
