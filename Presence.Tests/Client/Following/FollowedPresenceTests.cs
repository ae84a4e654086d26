using Presence.Client.Following;
using Presence.Client.Model;

namespace Presence.Tests.Client.Following;

public class FollowedPresenceTests
{
    private readonly List<PresenceChange> _changes = [];
    private readonly FollowedPresence _known;

    public FollowedPresenceTests() => _known = new(_changes.Add);

    [Fact]
    public void AMessageThatIsNotNewerIsDropped()
    {
        _known.Told(Online("alice", 7));
        _known.Told(Offline("alice", 7));
        _known.Told(Offline("alice", 6));

        Assert.True(_known.Users["alice"].IsOnline);
        Assert.Equal(new UserChanged("alice", null, Online("alice", 7), ChangeCause.Live), Assert.Single(_changes));
    }

    [Fact]
    public void AnAnswerReplacesWhatIsShownWhateverItsVersion()
    {
        _known.Told(Online("alice", 7));

        _known.Watched(["alice"], [Offline("alice", 0)], isWhole: true, _known.Now, "1");

        Assert.Equal(Offline("alice", 0), _known.Users["alice"]);
    }

    [Fact]
    public void AMessageThatCameAfterAskingStandsIfItIsNewer()
    {
        var asked = _known.Now;
        _known.Told(Online("alice", 7));
        _known.Told(Online("bob", 7));

        _known.Watched(["alice", "bob"], [Offline("alice", 6), Offline("bob", 8)], isWhole: true, asked, "1");

        Assert.Equal(Online("alice", 7), _known.Users["alice"]);
        Assert.Equal(Offline("bob", 8), _known.Users["bob"]);
    }

    [Fact]
    public void WhomAnAnswerDoesNotNameIsAsItWasInTheVersionAskedByAndNotAsAMessageSaidSince()
    {
        _known.Watched(["alice"], [Offline("alice", 5)], isWhole: true, _known.Now, "1");
        _known.Told(Online("alice", 6));

        // Came, was heard, left, was not: nothing has changed since the version.
        _known.Watched(["alice"], [], isWhole: true, _known.Now, "1");

        Assert.Equal(Offline("alice", 5), _known.Users["alice"]);
    }

    [Fact]
    public void WhoIsWatchedNoMoreIsForgottenUnlessAConversationTellsOfIt()
    {
        Begin(Names("team", [Online("alice", 1)]));
        _known.Watched(["alice", "bob"], [Online("alice", 1), Online("bob", 1)], isWhole: true, _known.Now, "1");

        _known.Watched([], [], isWhole: false, _known.Now, null);

        Assert.Equal(["alice"], _known.Users.Keys);
        Assert.Equal(new UserChanged("bob", Online("bob", 1), null, ChangeCause.Resync), _changes[^1]);
    }

    [Fact]
    public void WhomAWholeSnapshotDoesNotNameHasLeft()
    {
        Begin(Names("team", [Online("alice", 1), Online("bob", 1)]));
        _known.Told(Online("carol", 2));
        _changes.Clear();

        var asked = Begin(Names("team", [Online("alice", 1)]));
        _known.Settle(asked);

        Assert.Equal(["alice"], _known.Users.Values.Where(user => user.IsOnline).Select(user => user.UserId));
        Assert.Equal(["bob", "carol"], _changes.Cast<UserChanged>().Select(change => change.UserId).Order());
    }

    [Fact]
    public void WhatWasHeardAfterConnectingIsNotTakenForGone()
    {
        var asked = _known.Now;
        _known.Told(Online("alice", 2));
        _known.Snapshot(new() { Conversations = [Names("team", [])] }, asked);

        _known.Settle(asked);

        Assert.True(_known.Users["alice"].IsOnline);
    }

    [Fact]
    public void ALateDoubleOfOneWhoHasLeftUnheardBringsNobodyBack()
    {
        Begin(Names("team", [Online("alice", 1)]));
        _known.Settle(Begin(Names("team", [])));

        _known.Told(Online("alice", 1));

        Assert.False(_known.Users["alice"].IsOnline);
    }

    [Fact]
    public void ASnapshotThatDoesNotNameAllHasItsRosterRead()
    {
        var toRead = _known.Snapshot(
            new() { Conversations = [Names("team", [Online("alice", 1)]), Names("large", []) with { IsComplete = false, Mode = "counts" }, Names("some", []) with { IsComplete = false }] },
            _known.Now);

        Assert.Equal(["some"], toRead);
        Assert.Equal("0", _known.VersionOf("some"));
        Assert.Equal("v1", _known.VersionOf("team"));
    }

    [Fact]
    public void ALargeConversationNamesNobodyAndItsCountsAreKept()
    {
        Begin(Names("team", [Online("alice", 1)]));

        _known.Counted(new() { ConversationId = "team", Members = 600, Online = 7, Away = 2, Version = "v9" });

        Assert.Empty(_known.Users);
        Assert.Equal(new() { ConversationId = "team", Mode = "counts", Occupancy = new() { Members = 600, Online = 7, Away = 2 } }, _known.Conversations["team"]);
        Assert.True(_known.Turned(new() { ConversationId = "team", Mode = "names", Occupancy = new() { Members = 400 } }));
        Assert.Equal("0", _known.VersionOf("team"));
    }

    [Fact]
    public void AConversationThatASnapshotDoesNotNameIsHeardNoMore()
    {
        Begin(Names("team", [Online("alice", 1)]), Names("other", [Online("bob", 1)]));

        Begin(Names("other", [Online("bob", 1)]));

        Assert.Equal(["other"], _known.Conversations.Keys);
        Assert.Equal(["bob"], _known.Users.Keys);
    }

    [Fact]
    public void WhenSomebodyWasActiveLastChangesWithoutBeingAChange()
    {
        _known.Watched(["alice"], [Online("alice", 1)], isWhole: true, _known.Now, "1");
        _changes.Clear();
        var later = Online("alice", 1) with { LastActiveAt = DateTimeOffset.UnixEpoch };

        _known.Watched(["alice"], [later], isWhole: true, _known.Now, "2");

        Assert.Empty(_changes);
        Assert.Equal(later, _known.Users["alice"]);
    }

    [Fact]
    public void AVersionIsGoodForThoseItsAnswerWasAboutAlone()
    {
        _known.Watched(["alice", "bob"], [Online("alice", 1), Online("bob", 1)], isWhole: true, _known.Now, "5");

        Assert.Equal(("5", "5", null), (_known.WatchedSince(["alice", "bob"]), _known.WatchedSince(["bob"]), _known.WatchedSince(["bob", "carol"])));
        _known.Watched(["alice", "carol"], [Online("carol", 1)], isWhole: false, _known.Now, null);
        Assert.Null(_known.WatchedSince(["alice", "carol"]));
    }

    [Fact]
    public void OfThoseWhoHaveLeftForGoodTheLastAreRemembered()
    {
        Begin(Names("team", []));
        for (var i = 0; i < FollowedPresence.MostDeparted + 2; i++)
        {
            _known.Told(Offline($"guest-{i}", 1));
        }

        _known.Watched(["guest-0"], [Offline("guest-0", 1)], isWhole: true, _known.Now, "1");
        _known.Settle(_known.Now);

        Assert.Equal(FollowedPresence.MostDeparted + 1, _known.Users.Count);
        Assert.True(_known.Users.ContainsKey("guest-0"));
        Assert.False(_known.Users.ContainsKey("guest-1"));
    }

    private long Begin(params SnapshotConversation[] conversations)
    {
        var asked = _known.Now;
        _known.Snapshot(new() { Conversations = conversations }, asked);
        return asked;
    }

    private static SnapshotConversation Names(string id, PresenceView[] users) => new() { ConversationId = id, Users = users, IsComplete = true, Version = "v1" };

    private static PresenceView Online(string id, long version) => new() { UserId = id, IsOnline = true, Status = "online", Availability = "available", Version = version };

    private static PresenceView Offline(string id, long version) => new() { UserId = id, Version = version };
}
