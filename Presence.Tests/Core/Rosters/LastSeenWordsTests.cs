using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Rosters;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

/// <summary>The words for when a user was last active, as time goes on, whichever way it is asked for.</summary>
public class LastSeenWordsTests
{
    [Theory]
    [InlineData(0, LastSeen.Recently)]
    [InlineData(2.99, LastSeen.Recently)]
    [InlineData(3, LastSeen.WithinWeek)]
    [InlineData(6.99, LastSeen.WithinWeek)]
    [InlineData(7, LastSeen.WithinMonth)]
    [InlineData(29.99, LastSeen.WithinMonth)]
    [InlineData(30, LastSeen.LongAgo)]
    [InlineData(4_000, LastSeen.LongAgo)]
    public async Task LookUpsRostersAndSnapshotsSayTheSameWord(double days, LastSeen word)
    {
        var clock = Clock();
        await using var instance = Instance.OverMemory(new InMemoryPresenceStore(), clock);
        var cancellation = TestContext.Current.CancellationToken;
        await instance.ApplyAsync(Alice, new Joined(Conversation));
        await instance.ApplyAsync(Bob, new Joined(Conversation));
        await instance.ApplyAsync(Bob, new PrivacyChosen(null, LastSeenPrecision.Coarse));
        await instance.ApplyAsync(Bob, new Activity(Start));
        await instance.ApplyAsync(Bob, new SignedOut());
        clock.Advance(TimeSpan.FromDays(days));

        PresenceView[] seen =
        [
            .. await instance.Get<PresenceReader>().ReadAsync(Alice, [Bob], cancellation),
            (await instance.Get<ConversationDirectory>().ReadAsync(Alice, Conversation, cancellation)).Members.Single(m => m.UserId == "bob"),
            .. (await instance.Get<Snapshots>().TakeAsync(Alice, [Conversation], [Bob], isLimited: false, cancellation)).Snapshot.Users,
        ];

        Assert.Equal(3, seen.Length);
        Assert.All(seen, view => Assert.Equal((word, null, null), (view.LastSeen, view.LastActiveAt, view.LastSeenAt)));
    }

    [Fact]
    public async Task WhoWasBlockedStaysAsLongGoneAsItIs()
    {
        var clock = Clock();
        await using var instance = Instance.OverMemory(new InMemoryPresenceStore(), clock);
        foreach (var user in (PresenceKey[])[Alice, Bob])
        {
            await instance.ApplyAsync(user, new Joined(Conversation));
            await instance.ApplyAsync(user, new PrivacyChosen(null, LastSeenPrecision.Coarse));
            await instance.ApplyAsync(user, new Activity(Start));
        }

        await instance.Get<Relationships>().BlockAsync(Alice, Bob, holds: true, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromDays(8));
        await instance.ApplyAsync(Bob, new Activity(clock.GetUtcNow()));

        var seen = Assert.Single(await instance.Get<PresenceReader>().ReadAsync(Alice, [Bob], TestContext.Current.CancellationToken));
        Assert.Equal((PresenceStatus.Offline, LastSeen.WithinMonth, null), (seen.Status, seen.LastSeen, seen.LastActiveAt));
    }
}
