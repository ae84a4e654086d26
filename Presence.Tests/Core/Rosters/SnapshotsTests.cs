using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Rosters;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

public class SnapshotsTests
{
    private const string Blocked = "blocked";

    /// <summary>By another instance, so that the one that takes the snapshots still has who was there in its memory.</summary>
    [Fact]
    public async Task WhoHasJustLeftABlockedConversationIsSeen()
    {
        var (clock, store) = (Clock(), new InMemoryPresenceStore());
        await using var instance = Instance.OverMemory(store, clock);
        await using var other = Instance.OverMemory(store, clock);
        foreach (var user in (PresenceKey[])[Alice, Bob])
        {
            await other.ApplyAsync(user, new Joined(Conversation));
            await other.ApplyAsync(user, new Activity(Start));
        }

        await other.ApplyAsync(Bob, new Joined(Blocked));
        await other.Get<Relationships>().BlockInAsync(Alice, Blocked, holds: true, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("bob", await SeenByAliceAsync(instance));

        await other.ApplyAsync(Bob, new Left(Blocked));

        // So long a crowd shares a read.
        clock.Advance(RosterReader.Pace);
        Assert.Contains("bob", await SeenByAliceAsync(instance));
    }

    private static async Task<IEnumerable<string>> SeenByAliceAsync(Instance instance)
    {
        // Answered from memory it keeps for longer.
        await instance.Get<ConversationDirectory>().ReadAsync(Alice, Conversation, TestContext.Current.CancellationToken);
        var taken = await instance.Get<Snapshots>().TakeAsync(Alice, [Conversation], [], isLimited: true, TestContext.Current.CancellationToken);
        return taken.Snapshot.Conversations.Single().Users.Select(view => view.UserId);
    }
}
