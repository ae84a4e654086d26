using System.Text.Json;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Live;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Live;

/// <summary>Which messages tell states.</summary>
public class LiveMessagesTests
{
    [Fact]
    public void NothingIsNothingSaid() => Assert.Empty(Messages([]));

    [Fact]
    public void OneStateIsOneMessageAndSeveralAreOneBatch()
    {
        var (alice, bob) = (Create(Alice, 1, "1"), Create(Bob, 1, "2"));

        var one = Assert.Single(Messages([alice]));
        var both = Assert.Single(Messages([alice, bob]));

        Assert.Equal((ClientMethod.State, "conversation:team-1", alice), (one.Target, one.Group, one.Argument));
        Assert.Equal((ClientMethod.StateBatch, "conversation:team-1"), (both.Target, both.Group));
        Assert.Equal([alice, bob], States(both));
    }

    [Fact]
    public void OfSeveralStatesOfOneUserTheLargestVersionCounts()
    {
        var message = Assert.Single(Messages([Create(Alice, 2, "2"), Create(Alice, 3, "3"), Create(Alice, 1, "1")]));

        Assert.Equal((ClientMethod.State, 3), (message.Target, ((LiveState)message.Argument).Version));
    }

    [Theory]
    [InlineData(400, 1, 'a')]
    [InlineData(500, 2, 'a')]
    [InlineData(1_000, 3, 'a')]
    [InlineData(1_000, 12, '"')]
    public void ABatchIsNoLargerThanHalfOfWhatTheServiceTakes(int users, int messages, char character)
    {
        var states = Users(users).Select(user => Create(user, 1_795_432_274_977, JsonSerializer.Serialize(new string(character, 1_000)))).ToList();

        var batches = Messages(states).ToList();

        Assert.Equal(messages, batches.Count);
        Assert.Equal(states, batches.SelectMany(States));
        Assert.All(batches, batch => Assert.InRange(Json(batch.Argument).Length, 1, LiveMessages.MostBytes));
    }

    [Fact]
    public void AStateIsNeverLargerThanItIsTakenFor()
    {
        foreach (var id in new[] { "a", "a b+c&d=e#f?ä😀:@<>'", new string('"', 128), new string('ä', 128) })
        {
            var state = Create(PresenceKey.Anonymous(id), long.MaxValue, """{"a":[1,2,{"b":"\u0022"}]}""") with { TtlSeconds = 59.999 };

            Assert.InRange(Json(state).Length + 1, 1, state.MostBytes);
        }
    }

    private static byte[] Json(object argument) => JsonSerializer.SerializeToUtf8Bytes(argument, argument.GetType(), JsonSerializerOptions.Web);

    private static IEnumerable<Announcement> Messages(IEnumerable<LiveState> states) => LiveMessages.ForConversation(Conversation, states, Settings());

    private static LiveState[] States(Announcement message) => (LiveState[])message.Argument;

    private static LiveState Create(PresenceKey user, long version, string state) => new()
    {
        ConversationId = Conversation,
        UserId = user.ToString(),
        IsAnonymous = user.IsAnonymous,
        State = JsonElement.Parse(state),
        TtlSeconds = 10,
        Version = version,
    };
}
