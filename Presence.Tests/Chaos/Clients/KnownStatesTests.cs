using System.Text.Json;
using Presence.Chaos;
using Presence.Chaos.Clients;

namespace Presence.Tests.Chaos.Clients;

public class KnownStatesTests
{
    private static readonly string Ann = Population.User("ann", 1);

    private readonly KnownStates _known = new();

    [Fact]
    public void WhatIsNotNewerIsDropped()
    {
        Assert.True(_known.Hear(new(Ann, "online", 5)));
        Assert.False(_known.Hear(new(Ann, "away", 5)));
        Assert.False(_known.Hear(new(Ann, "away", 4)));

        Assert.Equal(new State(Ann, "online", 5), _known.Of(Ann));
    }

    [Fact]
    public void WhomTheSnapshotOfItsHomeDoesNotNameIsOffline()
    {
        _known.Hear(new(Ann, "online", 5));

        _known.Connecting();
        _known.Welcome(Snapshot(Population.HomeOf(Ann)!));

        Assert.Equal("offline", _known.Of(Ann)!.Status);
    }

    [Fact]
    public void WhatWasHeardSinceConnectingOutlivesASnapshotMadeBefore()
    {
        _known.Connecting();
        _known.Hear(new(Ann, "online", 5));

        _known.Welcome(Snapshot(Population.HomeOf(Ann)!));

        Assert.Equal("online", _known.Of(Ann)!.Status);
    }

    [Fact]
    public void ASnapshotOfAnotherConversationSaysNothingOfThem()
    {
        _known.Hear(new(Ann, "online", 5));

        _known.Connecting();
        var entries = _known.Welcome(Snapshot("elsewhere", new State("bob@elsewhere", "away", 3)));

        Assert.Equal("online", _known.Of(Ann)!.Status);
        Assert.Equal((new State("bob@elsewhere", "away", 3), true), Assert.Single(entries));
    }

    private static JsonElement Snapshot(string conversation, params State[] users) => JsonSerializer.SerializeToElement(new
    {
        conversations = new[]
        {
            new
            {
                conversationId = conversation,
                isComplete = true,
                users = users.Select(user => new { userId = user.User, status = user.Status, version = user.Version }),
            },
        },
        users = Array.Empty<object>(),
    });
}
