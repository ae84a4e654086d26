using Presence.Core.Domain;
using Presence.Core.Engine;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Engine;

/// <summary>What the application says of two users stands in the records of both, or in those of neither.</summary>
public class RelationshipCallsTests
{
    private readonly InMemoryPresenceStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHundredUsersMaySeeOneAndOneMoreIsRefused()
    {
        var (relationships, others) = (Create(), Users(Relations.MaxUsers + 1));
        foreach (var other in others[..^1])
        {
            await relationships.AllowAsync(Alice, other, holds: true, Cancellation);
        }

        Assert.Equal("viewerId", await RefusedAsync(() => relationships.AllowAsync(Alice, others[^1], holds: true, Cancellation)));

        await NeitherKnowsAsync(Alice, others[^1]);
        await relationships.AllowAsync(Alice, others[0], holds: true, Cancellation);
        await relationships.AllowAsync(Alice, others[0], holds: false, Cancellation);
        await relationships.AllowAsync(Alice, others[^1], holds: true, Cancellation);
    }

    [Fact]
    public async Task OneMaySeeAHundredUsersAndOneMoreIsRefusedBeforeAnythingIsKept()
    {
        var (relationships, others) = (Create(), Users(Relations.MaxUsers + 1));
        foreach (var other in others[..^1])
        {
            await relationships.AllowAsync(other, Alice, holds: true, Cancellation);
        }

        Assert.Equal("userId", await RefusedAsync(() => relationships.AllowAsync(others[^1], Alice, holds: true, Cancellation)));

        await NeitherKnowsAsync(Alice, others[^1]);
        await relationships.AllowAsync(others[0], Alice, holds: true, Cancellation);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task AHundredUsersAreBlockedAndOneMoreIsRefusedBeforeAnythingIsKeptOrTold(bool isFirst)
    {
        var (relationships, others) = (Create(), Users(Relations.MaxUsers + 1));
        foreach (var other in others[..^1])
        {
            await relationships.BlockAsync(Alice, other, holds: true, Cancellation);
        }

        var (one, two) = isFirst ? (Alice, others[^1]) : (others[^1], Alice);
        Assert.Equal("otherId", await RefusedAsync(() => relationships.BlockAsync(one, two, holds: true, Cancellation)));

        await NeitherKnowsAsync(Alice, others[^1]);
        await relationships.BlockAsync(others[0], Alice, holds: true, Cancellation);
        await relationships.BlockAsync(others[0], Alice, holds: false, Cancellation);
        await relationships.BlockAsync(one, two, holds: true, Cancellation);
    }

    [Fact]
    public async Task EachOfTwoReadsOfTheOtherTheVersionUnderWhichItWasToldThatItLeft()
    {
        await using var instance = Instance.OverMemory(_store, Clock());
        foreach (var user in (PresenceKey[])[Alice, Bob])
        {
            await instance.ApplyAsync(user, new Joined(Conversation));
            await instance.ApplyAsync(user, new Activity(Start));
        }

        await instance.Get<Relationships>().BlockAsync(Alice, Bob, holds: true, Cancellation);

        var told = instance.Realtime.Sent.Where(m => m.User is not null).ToDictionary(m => m.User!.Value, m => Assert.Single(m.Views));
        foreach (var (viewer, subject) in new[] { (Alice, Bob), (Bob, Alice) })
        {
            Assert.Equal([told[viewer]], await instance.Get<PresenceReader>().ReadAsync(viewer, [subject], Cancellation));
        }
    }

    private Relationships Create() => Instance.OverMemory(_store, Clock()).Get<Relationships>();

    private async Task NeitherKnowsAsync(PresenceKey one, PresenceKey two)
    {
        foreach (var (user, other) in new[] { (one, two), (two, one) })
        {
            var relations = (await _store.LoadAsync(user, Cancellation)).Records.Relations;
            Assert.DoesNotContain(other, relations.SeenBy.Concat(relations.Sees).Concat(relations.Blocks.Select(block => block.Other)));
        }
    }

    private static async Task<string> RefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<InvalidInputException>(call);
        Assert.Contains("at most 100", refused.Message, StringComparison.Ordinal);
        return refused.Message.Split(' ')[0];
    }
}
