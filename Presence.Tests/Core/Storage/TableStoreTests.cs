using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Rules;
using Presence.Core.Storage;

namespace Presence.Tests.Core.Storage;

/// <summary>What the store promises, on Azurite.</summary>
public sealed class TableStoreTests : IAsyncLifetime
{
    private readonly string _table = Tables.NewName();
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _time = Some.Clock();
    private Instance _instance = null!;

    public async ValueTask InitializeAsync() => _instance = await Tables.InstanceAsync(_table, _time);

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AUserNobodySawHasNoRecords()
    {
        var stored = await LoadAsync(Some.Alice);
        Assert.Null(stored.Tag);
        Assert.Equal(default, stored.Records);
    }

    [Fact]
    public async Task WhatIsWrittenReadsBack()
    {
        await _instance.ApplyAsync(Some.Alice, new PresenceEvent.Joined("team"));
        var change = await _instance.ApplyAsync(Some.Alice, new PresenceEvent.Connected("c|1 \"é\""));
        var read = (await LoadAsync(Some.Alice)).Records.Online!;
        var written = change.After.Online!;
        Assert.Equal(
            written with { Connections = ConnectionSet.Empty, Conversations = [] }, read with { Connections = ConnectionSet.Empty, Conversations = [] });
        Assert.Equal(written.Connections.Open, read.Connections.Open);
        Assert.Equal(["team"], read.Conversations);
    }

    [Fact]
    public async Task AWriteOnAnOldRecordIsRefusedAndChangesNothing()
    {
        await Active(Some.Alice);
        var old = await LoadAsync(Some.Alice);
        await _instance.ApplyAsync(Some.Alice, new PresenceEvent.SignedOut());
        Assert.False(await _instance.Store.TryCommitAsync(old, old.Records, Token));
        Assert.Equal(PresenceStatus.Offline, (await LoadAsync(Some.Alice)).Records.Status);
    }

    [Fact]
    public async Task OfTwoWhoBringAUserOnlineOneIsRefused()
    {
        var absent = await LoadAsync(Some.Alice);
        await Active(Some.Alice);
        var records = (await LoadAsync(Some.Alice)).Records;
        Assert.False(await _instance.Store.TryCommitAsync(absent, records with { Profile = new() }, Token));
    }

    [Fact]
    public async Task WhoeverReadTheProfileBeforeTheUserCameAndWentIsRefused()
    {
        await Active(Some.Alice);
        await _instance.ApplyAsync(Some.Alice, new PresenceEvent.SignedOut());
        var before = await LoadAsync(Some.Alice);
        _time.Advance(Some.Seconds(1));
        await Active(Some.Alice);
        await _instance.ApplyAsync(Some.Alice, new PresenceEvent.SignedOut());
        Assert.False(await _instance.Store.TryCommitAsync(before, new(null, before.Records.Profile! with { LeftAt = null }), Token));
    }

    [Fact]
    public async Task AUserHasAnOnlineRowExactlyWhileNotOffline()
    {
        await Active(Some.Alice);
        Assert.Equal(["cm:lobby|alice", "ct:alice", "on:alice", "us:alice"], await RowsAsync());
        await _instance.ApplyAsync(Some.Alice, new PresenceEvent.SignedOut());
        Assert.Equal(["ct:alice", "us:alice"], await RowsAsync());
    }

    [Fact]
    public async Task ARosterNamesMembersAsLastAnnounced()
    {
        await _instance.ApplyAsync(Some.Alice, new PresenceEvent.Joined("team"));
        await _instance.ApplyAsync(Some.Bob, new PresenceEvent.Joined("team"));
        var change = await Active(Some.Bob);
        var roster = await RosterAsync("team");
        Assert.Equal([PresenceStatus.Offline, PresenceStatus.Online], roster.Select(v => v.Status));
        Assert.Equal(Assert.Single(change.Transitions).View, roster[1]);
        await _instance.ApplyAsync(Some.Bob, new PresenceEvent.Left("team"));
        Assert.Equal("alice", Assert.Single(await RosterAsync("team")).UserId);
        Assert.Equal("bob", Assert.Single(await RosterAsync("lobby")).UserId);
    }

    [Fact]
    public async Task ARosterRowSomebodyRemovedByHandIsNotMissed()
    {
        await Active(Some.Alice);
        var client = await Tables.ClientAsync(_table);
        await client.DeleteEntityAsync(Partition(Some.Alice), TableKeys.Roster("lobby", Some.Alice), cancellationToken: Token);
        var change = await _instance.ApplyAsync(Some.Alice, new PresenceEvent.SignedOut());
        Assert.Equal(Outcome.Applied, change.Outcome);
    }

    [Fact]
    public async Task TheSweepFindsExactlyWhoIsDue()
    {
        await Active(Some.Alice);
        _time.Advance(Some.Seconds(100));
        await Active(Some.Bob);
        Assert.Empty(await DueAsync(_time.GetUtcNow()));
        Assert.Equal([Some.Alice], (await DueAsync(Some.Start + Some.Seconds(300))).Select(d => d.User));
        Assert.Equal(2, (await DueAsync(Some.Start + Some.Seconds(400))).Count);
    }

    [Fact]
    public async Task UsersWithTheOddestIdsLiveAndLeave()
    {
        PresenceKey[] users =
        [
            PresenceKey.Registered("a/b\\c#d?e%f'g!h|i"), PresenceKey.Registered("žluť 😀"), PresenceKey.Registered("\u0001\u007f"),
            PresenceKey.Registered(new string('/', 128)), PresenceKey.Anonymous(new string('?', 128)), PresenceKey.Registered(" "),
        ];
        foreach (var user in users)
        {
            await Active(user);
        }

        Assert.Equal(users.Order(ByText), (await DueAsync(DateTimeOffset.MaxValue)).Select(d => d.User).Order(ByText));
        Assert.Equal(users.Order(ByText).Select(u => u.ToString()), (await RosterAsync("lobby")).Select(v => v.UserId).Order(StringComparer.Ordinal));
        foreach (var user in users)
        {
            Assert.Single((await _instance.ApplyAsync(user, new PresenceEvent.SignedOut())).Transitions);
        }
    }

    [Fact]
    public async Task ATableOfAnotherShardCountIsRefused()
    {
        await Active(Some.Alice);
        await using var other = await Tables.InstanceAsync(_table, _time, o => o.ShardCount = 8);
        var refusal = await Assert.ThrowsAsync<ShardCountMismatchException>(() => other.ApplyAsync(Some.Alice, new PresenceEvent.SignedOut()));
        Assert.Contains("ShardCount is 8", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATableThatVanishesIsMadeAnew()
    {
        await Active(Some.Alice);
        await (await Tables.ClientAsync(_table)).DeleteAsync(Token);
        Assert.Single((await Active(Some.Alice)).Transitions);
    }

    private static Comparer<PresenceKey> ByText { get; } = Comparer<PresenceKey>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    private static string Partition(PresenceKey user) => TableKeys.Partition(TableKeys.Shard(user, 16));

    private Task<Change> Active(PresenceKey user) => _instance.ApplyAsync(user, new PresenceEvent.Activity(_time.GetUtcNow()));

    private async Task<StoredUser> LoadAsync(PresenceKey user) => await _instance.Store.LoadAsync(user, Token);

    private async Task<List<StoredUser>> DueAsync(DateTimeOffset now) => await Enumerable.Range(0, 16)
        .ToAsyncEnumerable().SelectMany(shard => _instance.Store.DueAsync(shard, now, Token)).ToListAsync(Token);

    private async Task<List<PresenceView>> RosterAsync(string conversation) =>
        [.. (await Enumerable.Range(0, 16).ToAsyncEnumerable()
            .SelectMany(shard => _instance.Store.RosterAsync(shard, conversation, Token)).ToListAsync(Token))
            .OrderBy(v => v.UserId, StringComparer.Ordinal)];

    private async Task<List<string>> RowsAsync() => await (await Tables.ClientAsync(_table))
        .QueryAsync<TableEntity>(e => e.PartitionKey != "meta", cancellationToken: Token).Select(e => e.RowKey).Order().ToListAsync(Token);
}
