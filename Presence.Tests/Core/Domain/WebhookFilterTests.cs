using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Domain;

public class WebhookFilterTests
{
    private static readonly UserEvent Status = new(UserEventKind.Status, Alice, 1, Start) { Conversations = ["a"] };

    private static readonly UserEvent Erased = new(UserEventKind.Erased, Alice, 2, Start);

    [Fact]
    public void WithoutAnyPartEverythingIsLetThrough()
    {
        Assert.True(WebhookFilter.Everything.Lets(Status));
        Assert.True(WebhookFilter.Everything.Lets(Erased));
    }

    [Fact]
    public void APartWithoutAnythingLetsNothingThrough()
    {
        Assert.False(new WebhookFilter(Kinds: []).Lets(Status));
        Assert.False(new WebhookFilter(Conversations: []).Lets(Status));
        Assert.False(new WebhookFilter(Users: []).Lets(Status));
    }

    [Fact]
    public void AllPartsMustLetItThrough()
    {
        Assert.True(new WebhookFilter([UserEventKind.Status], ["a", "b"], [Bob, Alice]).Lets(Status));
        Assert.False(new WebhookFilter([UserEventKind.Availability], ["a"], [Alice]).Lets(Status));
        Assert.False(new WebhookFilter([UserEventKind.Status], ["b"], [Alice]).Lets(Status));
        Assert.False(new WebhookFilter([UserEventKind.Status], ["a"], [Bob]).Lets(Status));
    }

    [Fact]
    public void WhoHasJustLeftAConversationIsStillTellingItsOwn() =>
        Assert.True(new WebhookFilter(Conversations: ["b"]).Lets(Status with { Left = ["b"] }));

    [Fact]
    public void ComingAndLeavingIsMembershipWhateverElseTheEventTells()
    {
        var membership = new WebhookFilter([UserEventKind.Membership]);

        Assert.False(membership.Lets(Status));
        Assert.True(membership.Lets(Status with { Joined = ["a"] }));
        Assert.True(membership.Lets(Status with { Left = ["b"] }));
        Assert.False(membership.Lets(Erased));
    }

    [Fact]
    public void ErasuresAreSentWhateverUsersAndConversationsAreAskedFor()
    {
        Assert.True(new WebhookFilter(Conversations: ["b"], Users: [Bob]).Lets(Erased));
        Assert.False(new WebhookFilter([UserEventKind.Status]).Lets(Erased));
    }

    [Fact]
    public void AFilterWithoutItsOnlyUserNamesNobodyAndNotEverybody()
    {
        var filter = new WebhookFilter(Users: [Alice]).Without(Alice);

        Assert.Empty(filter.Users!.Value);
        Assert.False(filter.Lets(Status));
        Assert.False(filter.Names(Alice));
    }
}
