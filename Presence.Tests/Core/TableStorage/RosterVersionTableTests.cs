using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Tests.Core.Rosters;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>Versions of rosters by the storage's own clock.</summary>
public sealed class RosterVersionTableTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public Task AClientThatLostAnyMessagesKnowsAllAfterItHasAskedOnce(int seed) =>
        new ResyncHistory(Create(), Clock, new Random(seed)).RunAsync(rounds: 20);

    [Fact]
    public async Task ARosterNotChangedHasTheSameVersionOnEachInstanceAndOtherwiseANewerOne()
    {
        var (first, second) = (Create(), Create());
        await first.ApplyAsync(Alice, new Joined(Conversation));
        var before = await VersionAsync(first);
        Assert.Equal(before, await VersionAsync(second));

        await second.ApplyAsync(Alice, new Activity(Start));
        var after = await VersionAsync(first);
        Assert.Equal((before.Members, true, true), (after.Members, after.At >= before.At - 1_000, after.Contents != before.Contents));

        await second.ApplyAsync(Bob, new Joined(Conversation));
        Assert.NotEqual(before.Members, (await VersionAsync(first)).Members);
    }

    [Fact]
    public async Task WhatIsCleanedMakesNoLeavingUnseenAndNoChange()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Joined(Conversation));
        await instance.ApplyAsync(Bob, new Joined(Conversation));
        var before = await VersionAsync(instance);
        await instance.ApplyAsync(Bob, new Left(Conversation));
        var after = await VersionAsync(instance);

        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await instance.Store.CleanRostersAsync(Cancellation));

        Assert.Equal(after, await VersionAsync(instance));
        var changes = RosterChanges.Since(await ReadAsync(instance), before)!;
        Assert.Equal((true, "alice"), (changes.IsComplete, Assert.Single(changes.Users).UserId));
    }

    [Fact]
    public async Task ARowWrittenLateUnderAnOlderRevisionChangesNothing()
    {
        var instance = Create();
        await instance.Store.WriteRosterAsync(Conversation, [Entry(Alice, 5), Entry(Bob, 5)], Cancellation);
        var before = await VersionAsync(instance);

        await instance.Store.WriteRosterAsync(Conversation, [Entry(Alice, 4)], Cancellation);
        Assert.Equal(before, await VersionAsync(instance));

        await instance.Store.WriteRosterAsync(Conversation, [new(Bob, 4, null)], Cancellation);
        Assert.Equal(before, await VersionAsync(instance));
    }

    private static RosterEntry Entry(PresenceKey user, long revision) => new(user, revision, default(UserRecords).ViewOf(user));

    private static Task<Roster> ReadAsync(Instance instance) => instance.Rosters.ReadFreshAsync(Conversation, Cancellation);

    private static async Task<RosterVersion> VersionAsync(Instance instance) => (await ReadAsync(instance)).Version;
}
