using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What every presence store must do.</summary>
public abstract class PresenceStoreContract(AzuriteFixture azurite) : TableTests(azurite)
{
    private IPresenceStore? _store;

    private IPresenceStore Store => _store ??= CreateStore();

    private IDueStore Dues => (IDueStore)Store;

    [Fact]
    public async Task AUserNobodyKnowsHasNoRecords()
    {
        var stored = await LoadAsync(Alice);

        Assert.Equal((default, null), (stored.Records, stored.Tag));
    }

    [Fact]
    public async Task EverythingOfAnOnlineRecordIsKept()
    {
        var record = Online() with
        {
            LastClosedAt = Start + Seconds(1.234),
            Status = PresenceStatus.Away,
            Connections = new([new("open'/1", Start)], [new("closed", Start + Seconds(0.001))]),
            Conversations = ["a", "b"],
            DefaultConversation = "lobby",
            IsWatched = true,
            WriteId = "w1",
            StatusWriteId = "w0",
        };
        await CommitAsync(Alice, new(record, null));

        var stored = (await LoadAsync(Alice)).Records.Online!;

        Assert.Equal(record with { Connections = stored.Connections, Conversations = stored.Conversations }, stored);
        Assert.Equal(record.Connections.Open, stored.Connections.Open);
        Assert.Equal(record.Connections.Closed, stored.Connections.Closed);
        Assert.Equal(record.Conversations, stored.Conversations);
    }

    [Fact]
    public async Task EverythingOfAProfileIsKept()
    {
        var record = Profile() with
        {
            LeftAt = Start + Seconds(2), Connections = new([new("c", Start)], []), Conversations = ["a"], IsWatched = true, WriteId = "w", StatusWriteId = "s",
        };
        await CommitAsync(Alice, new(null, record));

        var stored = (await LoadAsync(Alice)).Records;

        Assert.Null(stored.Online);
        Assert.Equal(record with { Connections = stored.Profile!.Connections, Conversations = stored.Profile.Conversations }, stored.Profile);
        Assert.Equal(record.Connections.Open, stored.Profile.Connections.Open);
        Assert.Equal(record.Conversations, stored.Profile.Conversations);
    }

    [Theory]
    [InlineData("a/b\\c#d?e%f'g!h|i&j+k=l m")]
    [InlineData("тест-用户-😀")]
    [InlineData("tab\tnew\nline\u007f\u0085")]
    [InlineData("..")]
    [InlineData("%2F")]
    public async Task AnyIdCanBeStoredAndFound(string id)
    {
        foreach (var user in new[] { PresenceKey.Registered(id), PresenceKey.Anonymous(id) })
        {
            await CommitAsync(user, new(Online() with { Conversations = [Conversation] }, null));

            Assert.NotNull((await LoadAsync(user)).Records.Online);
            Assert.Contains((user, PresenceStatus.Online), await Store.OnlineAsync(Cancellation).ToListAsync(Cancellation));
            Assert.Contains(user, (await DueAsync(user, Start + Seconds(300))).Select(u => u.User));
            Assert.Contains(user.ToString(), (await RosterAsync()).Select(v => v.UserId));
        }
    }

    [Fact]
    public async Task TheLongestIdCanBeStored()
    {
        var user = PresenceKey.Anonymous(new string('/', 128));
        var conversation = new string('c', 100);

        await CommitAsync(user, new(Online() with { Conversations = [conversation] }, null));

        Assert.Single(await Store.RosterAsync(conversation, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task OfTwoWhoReadTheSameOnlyOneCommits()
    {
        var nobody = await LoadAsync(Alice);
        Assert.True(await TryCommitAsync(nobody, new(Online(), null)));
        Assert.False(await TryCommitAsync(nobody, new(Online() with { Version = 9 }, null)));

        var online = await LoadAsync(Alice);
        Assert.True(await TryCommitAsync(online, new(online.Records.Online! with { Version = 2 }, null)));
        Assert.False(await TryCommitAsync(online, new(null, Profile())));

        var again = await LoadAsync(Alice);
        Assert.True(await TryCommitAsync(again, new(null, Profile())));
        Assert.False(await TryCommitAsync(again, new(again.Records.Online! with { Version = 3 }, null)));
        Assert.Equal(PresenceStatus.Offline, (await LoadAsync(Alice)).Records.Status);
    }

    [Fact]
    public async Task AProfileReadBeforeTheUserCameAndWentIsRefused()
    {
        await CommitAsync(Alice, new(null, Profile()));
        var old = await LoadAsync(Alice);
        await CommitAsync(Alice, new(Online(), old.Records.Profile));
        await CommitAsync(Alice, new(null, Profile()));

        Assert.False(await TryCommitAsync(old, new(Online(), old.Records.Profile)));
    }

    [Fact]
    public async Task OnlyUsersDueAreFound()
    {
        await CommitAsync(Alice, new(Online() with { DueAt = Start + Seconds(10) }, null));

        Assert.Empty(await DueAsync(Alice, Start + Seconds(9.999)));
        var due = Assert.Single(await DueAsync(Alice, Start + Seconds(10)));
        Assert.True(await TryCommitAsync(due, new(null, Profile())));
        Assert.Empty(await DueAsync(Alice, Start + Seconds(10)));
    }

    [Fact]
    public async Task ARosterSaysWhatWasAnnouncedLast()
    {
        await CommitAsync(Alice, new(Online() with { Conversations = [Conversation] }, null));
        await CommitAsync(Alice, new(Online() with { Conversations = [Conversation], LastActiveAt = Start + Seconds(61) }, null));
        Assert.Equal((PresenceStatus.Online, Start), ((await RosterAsync())[0].Status, (await RosterAsync())[0].LastActiveAt));

        await CommitAsync(Alice, new(null, Profile() with { Conversations = [Conversation], Version = 2 }));
        Assert.Equal((PresenceStatus.Offline, Start), ((await RosterAsync())[0].Status, (await RosterAsync())[0].LastSeenAt));

        await CommitAsync(Alice, new(null, Profile() with { Version = 2 }));
        Assert.Empty(await RosterAsync());
    }

    [Fact]
    public async Task TheDefaultConversationNamesOnlyWhoIsHere()
    {
        await CommitAsync(Alice, new(Online() with { DefaultConversation = Conversation }, null));
        Assert.Single(await RosterAsync());

        await CommitAsync(Alice, new(null, Profile() with { Version = 2 }));
        Assert.Empty(await RosterAsync());
    }

    [Fact]
    public async Task AConversationIsNotMistakenForOneWhoseIdBeginsAlike()
    {
        await CommitAsync(Alice, new(Online() with { Conversations = [Conversation, Conversation + "0"] }, null));

        Assert.Single(await RosterAsync());
    }

    [Fact]
    public async Task OnlyAnonymousParticipantsLongGoneAreFound()
    {
        var registered = PresenceKey.Registered("guest");
        await CommitAsync(Guest, new(null, Profile()));
        await CommitAsync(registered, new(null, Profile()));

        Assert.Equal([Guest], await GoneAsync(Start));
        Assert.Empty(await GoneAsync(Start - Seconds(1)));
        await CommitAsync(Guest, default);
        Assert.Equal(default, (await LoadAsync(Guest)).Records);

        async Task<List<PresenceKey>> GoneAsync(DateTimeOffset until) =>
            await Store.AnonymousLastSeenUntilAsync(until, Cancellation).Select(u => u.User).ToListAsync(Cancellation);
    }

    [Fact]
    public async Task AUserInAsManyConversationsAsThereMayBeIsOneTransaction()
    {
        string[] conversations = [.. Enumerable.Range(10, 50).Select(i => $"c{i}")];
        await CommitAsync(Alice, new(Online() with { Conversations = [.. conversations] }, null));
        await CommitAsync(Alice, new(null, Profile() with { Conversations = [.. conversations], Version = 2 }));

        Assert.All(
            await Task.WhenAll(conversations.Select(c => Store.RosterAsync(c, Cancellation).SingleAsync(Cancellation).AsTask())),
            view => Assert.Equal(2, view.Version));
    }

    private protected abstract IPresenceStore CreateStore();

    private static OnlineRecord Online() => new()
    {
        Since = Start, LastActiveAt = Start, Status = PresenceStatus.Online, Version = 1, DueAt = Start + Seconds(300),
    };

    private static ProfileRecord Profile() => new() { LastSeenAt = Start, LeftAt = Start, Version = 1 };

    private int ShardOf(PresenceKey user) => TableKeys.Shard(user, Dues.ShardCount);

    private async Task<StoredUser> LoadAsync(PresenceKey user) => await Store.LoadAsync(user, Cancellation);

    private async Task<bool> TryCommitAsync(StoredUser before, UserRecords after) => await Store.TryCommitAsync(before, after, Cancellation);

    private async Task CommitAsync(PresenceKey user, UserRecords after) => Assert.True(await TryCommitAsync(await LoadAsync(user), after));

    private async Task<List<StoredUser>> DueAsync(PresenceKey user, DateTimeOffset now) =>
        await Dues.DueAsync(ShardOf(user), now, Cancellation).ToListAsync(Cancellation);

    private async Task<List<PresenceView>> RosterAsync() =>
        await Store.RosterAsync(Conversation, Cancellation).ToListAsync(Cancellation);
}
