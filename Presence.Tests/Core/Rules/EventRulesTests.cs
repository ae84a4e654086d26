using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public sealed class EventRulesTests
{
    private readonly Story _story = new();

    [Fact]
    public void ComingAndGoingAreEventsOfStatus()
    {
        var came = Told(() => _story.IsActive())!;
        Assert.Equal((UserEventKind.Status, Alice, _story.Version, Start), (came.Kind, came.User, came.Version, came.At));
        Assert.Equal((PresenceStatus.Online, Start), (came.View!.Status, came.View.LastActiveAt));
        Assert.Equal(["lobby"], came.Conversations);

        _story.Passes(Seconds(30));
        var left = Told(() => _story.SignsOut())!;
        Assert.Equal((UserEventKind.Status, PresenceStatus.Offline, Start), (left.Kind, left.View!.Status, left.View.LastSeenAt));
        Assert.True(left.Version > came.Version);
        Assert.Equal(["lobby"], left.Conversations);
    }

    [Fact]
    public void WhatOthersDoNotSeeIsNoEvent()
    {
        _story.IsActive();

        Assert.Null(Told(() => _story.Passes(Seconds(70)).IsActive()));
        Assert.Null(Told(() => _story.Connects()));
        Assert.Null(Told(() => _story.Happens(new Watched())));
    }

    [Fact]
    public void AChoiceIsAnEventOfAvailabilityUnlessItChangesTheStatus()
    {
        _story.IsActive();

        var busy = Told(() => _story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy, "in a meeting"))))!;
        Assert.Equal((UserEventKind.Availability, Availability.Busy, "in a meeting"), (busy.Kind, busy.View!.Availability, busy.View.Text));
        Assert.Equal(UserEventKind.Status, Told(() => _story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Away))))!.Kind);
    }

    [Fact]
    public void MembershipSaysWhichConversationsItIsAbout()
    {
        var joined = Told(() => _story.Happens(new Joined("a")))!;
        Assert.Equal((UserEventKind.Membership, PresenceStatus.Offline), (joined.Kind, joined.View!.Status));
        Assert.Equal("in a, joined a, left ", Text(joined));

        var left = Told(() => _story.Happens(new Left("a")))!;
        Assert.Equal("in lobby, joined lobby, left a", Text(left));
        Assert.Null(Told(() => _story.Happens(new Left("a"))));
        Assert.Equal("in b, joined b, left lobby", Text(Told(() => _story.Happens(new Joined("b")))!));
        Assert.Equal("in b lobby, joined lobby, left ", Text(Told(() => _story.Happens(new Joined("lobby")))!));
        Assert.Equal("in lobby, joined , left b", Text(Told(() => _story.Happens(new Left("b")))!));
    }

    [Fact]
    public void ToBePutIntoTheDefaultConversationIsAnEventWithAVersionOfItsOwn()
    {
        _story.IsActive();
        var joined = Told(() => _story.Happens(new Joined("lobby")))!;

        Assert.Equal(UserEventKind.Membership, joined.Kind);
        Assert.True(joined.Version > _story.Version);
        Assert.Equal(joined.Version, _story.Records.Revision);
    }

    [Fact]
    public void TurningInvisibleIsGoingOfflineAndWhatFollowsIsNothing()
    {
        _story.IsActive();
        var gone = Told(() => _story.Passes(Seconds(10)).Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible))))!;
        Assert.Equal((UserEventKind.Status, PresenceStatus.Offline, Start), (gone.Kind, gone.View!.Status, gone.View.LastSeenAt));

        Assert.Null(Told(() => _story.Passes(Seconds(100)).IsActive()));
        Assert.Null(Told(() => _story.Connects()));
        Assert.Null(Told(() => _story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible, "still here")))));
        Assert.Null(Told(() => _story.SignsOut()));

        _story.Passes(Seconds(10)).IsActive();
        _story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        _story.Passes(Seconds(10)).IsActive();
        var here = Told(() => _story.Happens(new Chosen(ChoiceSource.User, null)))!;
        Assert.Equal((UserEventKind.Status, PresenceStatus.Online), (here.Kind, here.View!.Status));
    }

    [Fact]
    public void WhoeverHidesIsOfflineAndNothingTellsWhenItWasActive()
    {
        _story.IsActive();
        var hidden = Told(() => _story.Happens(new PrivacyChosen(IsHidden: true, LastSeen: null)))!;
        Assert.Equal((UserEventKind.Status, PresenceStatus.Offline, null, null), (hidden.Kind, hidden.View!.Status, hidden.View.LastActiveAt, hidden.View.LastSeenAt));
        Assert.Equal(Start.Date, hidden.At.UtcDateTime);

        Assert.Null(Told(() => _story.Passes(Seconds(100)).IsActive()));
        var joined = Told(() => _story.Happens(new Joined("a")))!;
        Assert.Equal((PresenceStatus.Offline, null, null, null), (joined.View!.Status, joined.View.LastActiveAt, joined.View.LastSeenAt, joined.View.LastSeen));
    }

    [Theory]
    [InlineData(LastSeenPrecision.Coarse, LastSeen.Recently)]
    [InlineData(LastSeenPrecision.Nobody, null)]
    public void WhoDoesNotTellExactlyWhenItWasActiveIsToldByTheDay(LastSeenPrecision precision, LastSeen? lastSeen)
    {
        _story.IsActive();
        var chosen = Told(() => _story.Happens(new PrivacyChosen(IsHidden: null, precision)))!;
        Assert.Equal((UserEventKind.Availability, null), (chosen.Kind, chosen.View!.LastActiveAt));

        var left = Told(() => _story.Passes(Seconds(3600)).SignsOut())!;
        Assert.Equal((null, null, lastSeen), (left.View!.LastActiveAt, left.View.LastSeenAt, left.View.LastSeen));
        Assert.Null(left.View.HiddenLastSeenAt);
        Assert.Equal(Start.Date, left.At.UtcDateTime);
        Assert.True(left.Version > chosen.Version);
    }

    [Fact]
    public void AnErasureTellsThatAndNothingElse()
    {
        _story.Happens(new Joined("a"));
        _story.IsActive();
        Assert.Equal(UserEventKind.Status, Told(() => _story.Happens(new Erased()))!.Kind);

        var erased = Told(() => _story.Happens(new Erased()))!;

        Assert.Equal((UserEventKind.Erased, null), (erased.Kind, erased.View));
        Assert.Empty(erased.Conversations.Concat(erased.Joined).Concat(erased.Left));
        Assert.Equal(_story.Records.Revision, erased.Version);

        // Once more is one more; and one whom nobody knew is told as well, for whoever follows may know it.
        Assert.True(Told(() => _story.Passes(Seconds(1)).Happens(new Erased()))!.Version > erased.Version);
        var unknown = new Story();
        Assert.Equal(UserEventKind.Erased, Told(unknown, () => unknown.Happens(new Erased()))!.Kind);
    }

    [Fact]
    public void AGuestThatIsForgottenHasLeftItsConversations()
    {
        var story = new Story(user: Guest);
        story.Happens(new Joined("a"));
        story.IsActive();
        story.SignsOut();
        var revision = story.Records.Revision;
        story.Passes(TimeSpan.FromDays(31));

        var forgotten = Told(story, () => story.Happens(new Retired(story.Now - TimeSpan.FromDays(30))), Guest)!;

        Assert.Equal((UserEventKind.Membership, revision + 1), (forgotten.Kind, forgotten.Version));
        Assert.Equal(["a"], forgotten.Left);
        Assert.True(Told(story, () => story.IsActive(), Guest)!.Version > forgotten.Version);
    }

    [Fact]
    public void WhereNoneAreKeptThereAreNone()
    {
        var story = new Story(o => o.EventRetention = TimeSpan.Zero);

        Assert.Null(Told(story, () => story.IsActive()));
    }

    private static string Text(UserEvent told) =>
        $"in {string.Join(' ', told.Conversations)}, joined {string.Join(' ', told.Joined)}, left {string.Join(' ', told.Left)}";

    /// <summary>What is told of what happens.</summary>
    private UserEvent? Told(Func<Decision> happens) => Told(_story, happens);

    private static UserEvent? Told(Story story, Func<Decision> happens, PresenceKey? user = null)
    {
        var before = story.Records;
        return EventRules.Of(user ?? Alice, before, happens().Records, story.Now, story.Options);
    }
}
