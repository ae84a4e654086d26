using Presence.Chaos.Clients;
using Presence.Chaos.Judgement;

namespace Presence.Tests.Chaos.Judgement;

public class WebhookVerdictTests
{
    private static readonly ToldEvent First = Event(1, "online");
    private static readonly ToldEvent Second = Event(2, "away");
    private static readonly ToldEvent Third = Event(3, "offline");

    [Fact]
    public void WhatCameInOrderTwiceAndAsTheFeedHasItIsFine() => Assert.Empty(Judge([First, Second, First, Second, Third]));

    [Fact]
    public void AnEventThatNeverCameIsLost()
    {
        var finding = Assert.Single(Judge([First, Third]));

        Assert.Equal((FindingKind.Lost, WebhookVerdict.Lost), (finding.Kind, finding.Case));
        Assert.Contains(Second.Id, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCameBeyondThatWhichWasWaitedForIsNoFault() =>
        Assert.Empty(WebhookVerdict.Judge([First], [First, Second], [First, Second, Third], unsigned: 0));

    [Fact]
    public void AnEventThatCameFirstAfterALaterOneOfItsUserIsWrong()
    {
        var finding = Assert.Single(Judge([First, Third, Second]));

        Assert.Equal((FindingKind.Wrong, WebhookVerdict.OutOfOrder), (finding.Kind, finding.Case));
    }

    [Fact]
    public void UsersStandInNoOrder() =>
        Assert.Empty(WebhookVerdict.Judge([], [Third, Event(1, "online", "bob")], [Third, Event(1, "online", "bob")], unsigned: 0));

    [Fact]
    public void AnEventThatTheFeedDoesNotHaveIsWrong() =>
        Assert.Contains("does not have", Assert.Single(Judge([First, Second, Third, Event(4, "online")])).Case, StringComparison.Ordinal);

    [Fact]
    public void AnEventThatIsNotAsTheFeedHasItIsWrong() =>
        Assert.Contains("does not have", Assert.Single(Judge([First, Second, Third, Third with { State = Third.State with { Status = "away" } }])).Case, StringComparison.Ordinal);

    [Fact]
    public void EachMessageThatIsNotSignedAsItMustBeIsWrong() =>
        Assert.Equal(2, WebhookVerdict.Judge([First], [First], [First], unsigned: 2).Count(finding => finding.Kind == FindingKind.Wrong));

    private static IEnumerable<Finding> Judge(ToldEvent[] sent) => WebhookVerdict.Judge([First, Second, Third, Third], sent, [First, Second, Third], unsigned: 0);

    private static ToldEvent Event(long version, string status, string user = "ann") => new($"{user}/{version}", "presence.status", new(user, status, version));
}
