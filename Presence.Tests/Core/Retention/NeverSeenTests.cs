using Azure.Data.Tables;
using Presence.Core.Retention;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Retention;

/// <summary>Users who were put on record but never came: watched, signed out or taken out of a conversation before anybody saw them.</summary>
public sealed class NeverSeenTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    [Fact]
    public async Task OfUsersWhoNeverCameNothingStays()
    {
        var instance = Create(o => o.DefaultConversation = "");
        foreach (var user in Users(20).Append(Guest))
        {
            await instance.ApplyAsync(user, new Watched());
        }

        await instance.ApplyAsync(Alice, new SignedOut());
        await instance.ApplyAsync(Bob, new Joined(Conversation));
        await instance.ApplyAsync(Bob, new Left(Conversation));

        Clock.Advance(Retention - Seconds(1));
        Assert.Equal(0, await CleanUpAsync(instance));
        Clock.Advance(Seconds(1));
        Assert.Equal(23, await CleanUpAsync(instance));

        Assert.Empty(await ProfilesAsync());
        Assert.Equal(0, await CleanUpAsync(instance));
    }

    [Fact]
    public async Task MembersStayAndSoDoesWhoeverCame()
    {
        var instance = Create(o => o.DefaultConversation = "");
        await instance.ApplyAsync(Alice, new Joined(Conversation));
        await instance.ApplyAsync(Bob, new Activity(Start));
        await instance.ApplyAsync(Bob, new SignedOut());
        await instance.ApplyAsync(Bob, new Watched());
        Clock.Advance(Retention);

        Assert.Equal(0, await CleanUpAsync(instance));

        Assert.Equal(["us:alice", "us:bob"], await ProfilesAsync());
    }

    [Fact]
    public async Task WhoeverIsHereForTheFirstTimeStays()
    {
        var instance = Create(o => o.DefaultConversation = "");
        await instance.ApplyAsync(Alice, new Watched());
        Clock.Advance(Retention);
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
        await instance.ApplyAsync(Bob, new Activity(Clock.GetUtcNow()));

        Assert.Equal(0, await CleanUpAsync(instance));

        Assert.True((await instance.ViewAsync(Alice)).IsOnline);
        Assert.True((await instance.ViewAsync(Bob)).IsOnline);
    }

    [Fact]
    public async Task WhoeverIsStillWatchedStays()
    {
        var instance = Create(o => o.DefaultConversation = "");
        await instance.ApplyAsync(Alice, new Watched());
        Clock.Advance(Retention - TimeSpan.FromHours(1));
        await instance.ApplyAsync(Alice, new Watched());
        Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, await CleanUpAsync(instance));
    }

    [Fact]
    public async Task WatchingAgainSoonAfterWritesNothing()
    {
        var instance = Create(o => o.DefaultConversation = "");
        await instance.ApplyAsync(Alice, new Watched());
        Clock.Advance(TimeSpan.FromMinutes(29));

        Assert.Equal(Presence.Core.Rules.Outcome.Unchanged, (await instance.ApplyAsync(Alice, new Watched())).Outcome);
    }

    [Fact]
    public async Task RowsFromBeforeTheyHadATimeGoByThatOfTheirLastWrite()
    {
        var instance = Create(o => o.DefaultConversation = "");
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        await Table.AddEntityAsync(
            new TableEntity(TableKeys.Partition(TableKeys.Shard(Alice, 4)), TableKeys.Profile(Alice)) { ["IsWatched"] = true, ["Version"] = 0L }, Cancellation);

        // The service wrote it by its own clock, which is long before that of the test.
        Assert.Equal(1, await CleanUpAsync(instance));
        Assert.Empty(await ProfilesAsync());
    }

    private static async Task<int> CleanUpAsync(Instance instance) => (await instance.Get<Cleanup>().RunAsync(Cancellation)).ForgottenParticipants;

    private async Task<List<string>> ProfilesAsync() => await Table
        .QueryAsync<TableEntity>(e => e.RowKey.CompareTo("us:") >= 0 && e.RowKey.CompareTo("us;") < 0, cancellationToken: Cancellation)
        .Select(row => row.RowKey).Order().ToListAsync(Cancellation);
}
