using System.Text.Json;
using System.Text.Json.Serialization;
using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Domain;

public class SnapshotTests
{
    private static readonly JsonSerializerOptions AsSent = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    [Fact]
    public void ASmallConversationIsNamedAsAWhole()
    {
        var part = Assert.Single(Snapshot.Of([Roster("a", Users(100))]));

        Assert.Equal((100, true), (part.Users.Length, part.IsComplete));
    }

    [Fact]
    public void OfALargeOneAHundredAreNamedThoseOnlineFirstAndAllCounted()
    {
        PresenceView[] members = [.. Users(80).Select(user => View(user, PresenceStatus.Away)), .. Users(1_000)[80..].Select(user => View(user, PresenceStatus.Online))];

        var part = Assert.Single(Snapshot.Of([Named("a", members)]));

        Assert.Equal((100, false, new Occupancy(1_000, 920, 80)), (part.Users.Length, part.IsComplete, part.Occupancy));
        Assert.All(part.Users, user => Assert.Equal(PresenceStatus.Online, user.Status));
    }

    [Fact]
    public void WhoIsNotHereIsNotNamedAndMakesNothingIncomplete()
    {
        var part = Assert.Single(Snapshot.Of([Named("a", [View(Alice, PresenceStatus.Offline), View(Bob, PresenceStatus.Away)])]));

        Assert.Equal(("bob", true), (Assert.Single(part.Users).UserId, part.IsComplete));
    }

    [Theory]
    [InlineData("user-", 1_000, 1)]
    [InlineData("user-", 1_000, 50)]
    [InlineData("<тест😀>/", 1_000, 1)]
    [InlineData("<тест😀>/", 30, 50)]
    public void ItsUsersTakeNoMoreBytesThanPromisedHoweverManyConversationsAndWhateverTheirIds(string prefix, int users, int conversations)
    {
        PresenceKey[] members = [.. Enumerable.Range(0, users).Select(i => PresenceKey.Anonymous((prefix + i).PadLeft(120, '<')))];
        var snapshot = new Snapshot(
            Snapshot.Of([.. Enumerable.Range(0, conversations).Select(i => Roster($"conversation-{i}".PadRight(100, '-'), members))]), []);

        Assert.All(snapshot.Conversations, part => Assert.False(part.IsComplete));
        Assert.InRange(snapshot.Conversations.Sum(part => Bytes(part.Users)), 1, Snapshot.MaxBytes);
        Assert.InRange(Bytes(snapshot), 1, Snapshot.MaxBytes + (conversations * 310));
    }

    [Fact]
    public void WhatSmallConversationsDoNotNeedLargeOnesHave()
    {
        var parts = Snapshot.Of([Roster("a", Users(1)), Roster("b", Users(1)), Roster("c", Users(60))]);

        Assert.All(parts, part => Assert.True(part.IsComplete));
    }

    [Theory]
    [InlineData("alice", false)]
    [InlineData("!\"#$%&'()*+,/;<=>?[\\]^`{|} ", false)]
    [InlineData("тест-用户-😀", true)]
    public void AViewTakesNoMoreThanItSays(string id, bool isAnonymous)
    {
        foreach (var status in Enum.GetValues<PresenceStatus>())
        {
            var user = isAnonymous ? PresenceKey.Anonymous(id) : PresenceKey.Registered(id);
            var view = View(user, status) with { LastSeenAt = Start + Seconds(0.001), LastActiveAt = Start + Seconds(0.001), Version = 9_999_999_999_999 };

            Assert.InRange(Bytes(view) + 1, 100, view.MostBytes);
            Assert.InRange(Bytes(view with { LastSeenAt = null }) + 1, 100, (view with { LastSeenAt = null }).MostBytes);
        }
    }

    private static int Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, AsSent).Length;

    private static Roster Roster(string conversation, IEnumerable<PresenceKey> users) =>
        Named(conversation, users.Select(user => View(user, PresenceStatus.Online)));

    private static Roster Named(string conversation, IEnumerable<PresenceView> views) =>
        new(conversation, [.. views.Select(view => new RosterMember(view, Start))]);

    private static PresenceView View(PresenceKey user, PresenceStatus status) => new()
    {
        UserId = user.ToString(), IsAnonymous = user.IsAnonymous, Status = status, LastActiveAt = Start, LastSeenAt = null, Version = 1,
    };
}
