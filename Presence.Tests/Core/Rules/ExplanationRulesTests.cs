using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>Why a user is as it is: for each way to be, the reason, and what time will change.</summary>
public sealed class ExplanationRulesTests
{
    private readonly Story _story = new();

    [Fact]
    public void OneWhomNobodyKnows() => Explained(Reason.NeverSeen, null);

    [Fact]
    public void OneWhoWasOnlyEverPutIntoAConversation()
    {
        _story.Happens(new Joined(Conversation));

        Assert.Equal([Conversation], Explained(Reason.NeverSeen, null).Conversations);
    }

    [Fact]
    public void OneWhoWasActiveLately()
    {
        _story.IsActive();
        _story.Passes(Seconds(20));

        var explained = Explained(Reason.Active, Start);

        Assert.Equal((Start, Start + Seconds(65), null), (explained.RecordedAt, explained.NextRecordAt, explained.HeldBackAt));
        Assert.Equal([new ExpectedChange(Start + TimeSpan.FromMinutes(5), "offline")], explained.Expected);
        Assert.Equal(explained.DueAt, explained.Expected[0].At);
        Assert.Equal(Start + Seconds(10), Explain(held: Start + Seconds(10)).HeldBackAt);
        Assert.Null(Explain(held: Start - Seconds(10)).HeldBackAt);
    }

    [Fact]
    public void OneWhoIsConnectedAndThenOnlyThat()
    {
        _story.Happens(new Connected("c1", Start, Device: new(Kind: "mobile")));
        var active = Explained(Reason.Active, Start);
        Assert.Equal([new ExplainedConnection("c1", "mobile", Start, Start + TimeSpan.FromMinutes(10))], active.Connections);
        Assert.Equal(["away", "connectionCheck"], active.Expected.Select(e => e.What));

        _story.IsSweptWhenDue();

        Assert.Equal(PresenceStatus.Away, Explained(Reason.ConnectedOnly, Start).Status);
    }

    [Fact]
    public void OneWhoseLastConnectionHasClosed()
    {
        _story.Connects();
        _story.Passes(Seconds(30)).Disconnects();
        Assert.Equal([new ExpectedChange(Start + Seconds(40), "offline")], Explained(Reason.Leaving, Start + Seconds(30)).Expected);

        _story.IsSweptWhenDue();

        Assert.Equal(Start, Explained(Reason.ConnectionClosed, Start + Seconds(30)).LastActiveAt);
    }

    [Fact]
    public void OneWhoWentQuiet()
    {
        _story.IsActive();
        _story.IsSweptWhenDue();

        Explained(Reason.Quiet, Start);
    }

    [Fact]
    public void OneWhoSignedOutWasBannedWasErased()
    {
        _story.IsActive();
        _story.Passes(Seconds(1)).SignsOut();
        Explained(Reason.SignedOut, Start + Seconds(1));

        _story.Passes(Seconds(1)).Happens(new Banned(Start + Seconds(60)));
        var banned = Explained(Reason.Banned, Start + Seconds(2));
        Assert.Equal([new ExpectedChange(Start + Seconds(60), "banEnds")], banned.Expected);

        _story.Passes(Seconds(58)).Happens(new Erased());
        Explained(Reason.Erased, Start + Seconds(60));
    }

    [Fact]
    public void OneOfWhomSomethingWasChosen()
    {
        _story.Connects();
        _story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy, Until: Start + Seconds(50))));
        Assert.Equal("applicationChoiceEnds", Explained(Reason.ChosenByApplication, null).Expected[0].What);

        _story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Available, Until: Start + Seconds(40))));
        Assert.Equal((Availability.Available, "choiceEnds"), (Explained(Reason.ChosenByUser, null).Availability, Explain().Expected[0].What));

        _story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        var invisible = Explained(Reason.Invisible, Start);
        Assert.Equal((PresenceStatus.Offline, PresenceStatus.Online), (invisible.Status, invisible.Sessions));
    }

    [Fact]
    public void WhoSeesTheUserIsSaidAndOnlyTheBackendLearnsOfBlocks()
    {
        _story.Connects();
        _story.Happens(new SeenBy(Bob, true));
        _story.Happens(new SeenIn("b", true));
        _story.Happens(new Blocked(Guest, new(Guest, null, 0)));
        _story.Happens(new PrivacyChosen(null, LastSeenPrecision.Coarse));

        Assert.Equal(new("conversations", "coarse", 2, 1), Explain().Visibility);
        Assert.Equal(
            new("conversations", "coarse", null, null),
            ExplanationRules.Explain(Alice, _story.Records, null, _story.Now, _story.Options, isForItself: true).Visibility);
        _story.Happens(new PrivacyChosen(true, LastSeenPrecision.Nobody));
        Assert.Equal(new("nobody", "nobody", 2, 1), Explain().Visibility);
    }

    [Fact]
    public void EachReasonHasASentenceOfItsOwn()
    {
        string[] sentences = ["Offline: nobody", "Offline: erased", "Offline: signed out and kept out", "Offline: signed out, or", "Offline: the last connection", "Offline: no connection", "Offline to all others: the user has",
            "Offline to all others: the user lets",             "Shown as busy: the user", "Shown as busy: the application", "Shown as available: the last", "Online: ", "Away: "];
        Assert.Equal(Enum.GetValues<Reason>().Length, sentences.Length);
        var heard = new HashSet<string>();
        foreach (var act in new Action<Story>[]
        {
            _ => { }, s => Do(s, new Erased(), new Erased()), s => Do(s, new Banned(Start + Seconds(60))), s => Do(s, new SignedOut()),
            s => { s.Connects(); s.Passes(Seconds(1)).Disconnects(); s.IsSweptWhenDue(); }, s => { s.IsActive(); s.IsSweptWhenDue(); },
            s => { s.Connects(); Do(s, Chosen(ChosenAvailability.Invisible)); }, s => { s.Connects(); Do(s, new PrivacyChosen(true, null)); }, s => { s.IsActive(); Do(s, Chosen(ChosenAvailability.Busy)); },
            s => { s.IsActive(); Do(s, new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy))); },
            s => { s.Connects(); s.Disconnects(); }, s => s.IsActive(), s => { s.Connects(); s.IsSweptWhenDue(); },
        })
        {
            var story = new Story();
            act(story);
            heard.Add(sentences.Single(ExplanationRules.Explain(Alice, story.Records, null, story.Now, story.Options).Sentence.StartsWith));
        }

        Assert.Equal(sentences.Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal));
    }

    private static Chosen Chosen(ChosenAvailability availability) => new(ChoiceSource.User, new(availability));

    private static void Do(Story story, params PresenceEvent[] events) => Array.ForEach(events, e => story.Happens(e));

    private Explanation Explain(DateTimeOffset? held = null) => ExplanationRules.Explain(Alice, _story.Records, held, _story.Now, _story.Options);

    private Explanation Explained(Reason reason, DateTimeOffset? since)
    {
        var explanation = Explain();
        Assert.Equal((reason, since), (explanation.Reason, explanation.Since));
        Assert.Equal((_story.Status, _story.Records.SessionStatus), (explanation.Status, explanation.Sessions));
        return explanation;
    }
}
