using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Domain;

public class RosterVersionTests
{
    [Fact]
    public void AVersionIsReadAsItWasWritten()
    {
        var version = Of([Member("alice"), Member("bob")]);

        Assert.Equal(version, RosterVersion.Parse(version.ToString(), "since"));
        Assert.Equal(32, version.ToString().Length);
    }

    [Fact]
    public void TheOrderOfMembersDoesNotMatter() => Assert.Equal(Of([Member("alice"), Member("bob")]), Of([Member("bob"), Member("alice")]));

    [Fact]
    public void WhoIsNamedAndWhatIsSaidOfThemAreToldApart()
    {
        var before = Of([Member("alice"), Member("bob")]);
        var later = Of([Member("alice"), Member("bob", at: 1)]);
        var other = Of([Member("alice"), Member("carol")]);

        Assert.Equal((true, false), (before.Members == later.Members, before.SaysTheSameAs(later)));
        Assert.Equal((false, false), (before.Members == other.Members, before.SaysTheSameAs(other)));
    }

    [Fact]
    public void ConversationsOfTheSameMembersHaveVersionsOfTheirOwn() =>
        Assert.NotEqual(Of([Member("alice")]).Members, RosterVersion.Of(new("other", [Member("alice")])).Members);

    [Fact]
    public void AtIsTheNewestRowLessTheTimeThatALongReadTook()
    {
        var roster = new Roster(Conversation, [Member("alice", at: 3), Member("bob", at: 1)]);

        Assert.Equal((Start + Seconds(3)).ToUnixTimeMilliseconds(), (roster with { Took = Seconds(1) }).Version.At);
        Assert.Equal((Start + Seconds(1.5)).ToUnixTimeMilliseconds(), (roster with { Took = Seconds(1.5) }).Version.At);
    }

    [Fact]
    public void ARosterOfNobodyAndRowsWithoutATimeHaveVersionsToo()
    {
        Assert.Equal(new(0, 0, 0), Of([]));
        Assert.Equal(0, new Roster(Conversation, [Member("alice") with { WrittenAt = default }]) { Took = Seconds(2) }.Version.At);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("a")]
    [InlineData("AQ")]
    [InlineData("Af____________________________________________8")]
    [InlineData("AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void AVersionOfAFormThatIsNotKnownHereIsUnknown(string text) => Assert.Equal(RosterVersion.Unknown, RosterVersion.Parse(text, "since"));

    [Theory]
    [InlineData("+")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("AQAA=")]
    public void WhatCannotBeAVersionIsRefusedByTheNameOfItsField(string text) =>
        Assert.Contains("since", Assert.Throws<InvalidInputException>(() => RosterVersion.Parse(text, "since")).Message, StringComparison.Ordinal);

    [Fact]
    public void AVersionOfMoreThanAHundredCharactersIsRefused()
    {
        RosterVersion.Parse(new string('a', 100), "since");
        Assert.Throws<InvalidInputException>(() => RosterVersion.Parse(new string('a', 101), "since"));
    }

    private static RosterVersion Of(RosterMember[] members) => RosterVersion.Of(new(Conversation, [.. members]));

    private static RosterMember Member(string id, double at = 0) => new(
        new() { UserId = id, IsAnonymous = false, Status = PresenceStatus.Online, LastActiveAt = Start, LastSeenAt = null, Version = 1 }, Start + Seconds(at));
}
