using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>Where connections come from, and signing out there.</summary>
public sealed class DeviceRulesTests
{
    private static readonly Device Phone = new("phone-1", Device.Mobile, IsForeground: true);

    private static readonly Device Desk = new("desk-1", "desktop");

    [Fact]
    public void WhoIsHereByMobileDevicesAloneIsShownSoAndThatIsNews()
    {
        var story = new Story();
        Assert.Equal(Device.Mobile, Connects(story, "c1", Phone).Owes!.News!.View.Device);

        var second = Connects(story, "c2", Desk);
        Assert.True(second.IsNews);
        Assert.Null(second.Owes!.News!.View.Device);
        Assert.False(Connects(story, "c3", null).IsNews);

        Assert.False(story.Disconnects("c3").IsNews);
        Assert.Equal(Device.Mobile, story.Disconnects("c2").Owes!.News!.View.Device);
    }

    [Fact]
    public void WhoIsHereByACallThatWasHeldBackIsHereByThePhoneThatClosedNoMoreAndThatIsNews()
    {
        var story = new Story(o => o.DisconnectGrace = Seconds(60));
        Connects(story, "c1", Phone);
        story.Passes(Seconds(30)).Disconnects("c1");

        var swept = story.Passes(Seconds(20)).Happens(new Due(), held: story.Now - Seconds(5));

        Assert.True(swept.IsNews);
        Assert.Null(swept.Owes!.News!.View.Device);
    }

    [Fact]
    public void WhatSuchACallWouldChangeStaysHeldBackWhereNotAllAreTold()
    {
        var story = new Story(o => o.DisconnectGrace = Seconds(60));
        Connects(story, "c1", Phone);
        story.Passes(Seconds(30)).Disconnects("c1");
        var (held, version) = (story.Passes(Seconds(20)).Now - Seconds(5), story.Records.Version);

        story.Happens(new Joined("x"), held: held);
        Assert.Equal((Device.Mobile, version), (story.Records.ViewOf(Alice).Device, story.Records.Version));
        story.Happens(new Blocked(Bob, new Block(Bob, null, 0), IsTold: true), held: held);
        Assert.Equal(Device.Mobile, story.Records.ViewOf(Alice).Device);
        Assert.True(story.Happens(new Due(), held: held).IsNews);
        Assert.Null(story.Records.ViewOf(Alice).Device);
    }

    [Fact]
    public void AReloadOnAPhoneIsNoNews()
    {
        var story = new Story();
        Connects(story, "c1", Phone);

        Assert.False(story.Passes(Seconds(1)).Disconnects("c1").IsNews);
        Assert.Equal(Device.Mobile, story.Records.ViewOf(Alice).Device);
        story.Passes(Seconds(1));
        Assert.False(Connects(story, "c2", Phone).IsNews);
        story.Disconnects("c2");
        Assert.True(story.Passes(Seconds(1)).IsActive().IsNews);
        Assert.Null(story.Records.ViewOf(Alice).Device);
    }

    [Fact]
    public void AClientMaySaySomethingElseLaterAndWhatItDoesNotSayStays()
    {
        var story = new Story();
        Connects(story, "c1", Desk);

        Assert.True(story.Happens(new DeviceChanged("c1", Device.Mobile, null)).IsNews);
        Assert.False(story.Happens(new DeviceChanged("c1", null, false)).IsNews);

        Assert.Equal(new Device("desk-1", Device.Mobile, IsForeground: false), story.Online.Connections.Find("c1")!.Value.Device);
        Assert.Equal(Outcome.Unchanged, story.Happens(new DeviceChanged("c1", Device.Mobile, false)).Outcome);
        Assert.Equal(Outcome.Unchanged, story.Happens(new DeviceChanged("c9", Device.Mobile, false)).Outcome);
    }

    [Fact]
    public void SigningOutThereClosesAllConnectionsOfTheDeviceAndKeepsItOut()
    {
        var story = new Story();
        Connects(story, "c1", Phone);
        Connects(story, "c2", Phone);
        Connects(story, "c3", Desk);
        var negotiated = story.Now;

        var decision = story.Passes(Seconds(5)).Happens(new DeviceSignedOut("c1"));

        Assert.True(decision.Owes!.Closes);
        Assert.Equal(["c1", "c2"], decision.Owes.Connections);
        Assert.Equal(["c3"], story.Online.Connections.Open.Select(c => c.Id));
        foreach (var negotiatedAt in new[] { negotiated, story.Now })
        {
            var again = story.Happens(new Connected("c4", negotiatedAt, Device: Phone));
            Assert.Equal((Outcome.Stale, true), (again.Outcome, again.Owes!.Closes));
        }

        Assert.Equal(Outcome.Applied, story.Happens(new Connected("c5", story.Now, Device: Desk)).Outcome);
        Assert.Equal(Outcome.Applied, story.Happens(new Connected("c6", story.Now)).Outcome);
        story.Passes(story.Options.CredentialLifetime);
        Assert.Equal(Outcome.Applied, story.Happens(new Connected("c7", story.Now, Device: Phone)).Outcome);
    }

    [Fact]
    public void ThatIsRememberedWhileItsUserIsGoneAndForgottenWithTheCredentials()
    {
        var story = new Story();
        Connects(story, "c1", Phone);
        story.Happens(new DeviceSignedOut("c1"));
        story.IsSweptWhenDue();
        Assert.True(story.Records.IsSignedOut(Phone, Start - Seconds(1)));

        story.Passes(story.Options.CredentialLifetime + Seconds(1));
        Connects(story, "c2", Desk);
        story.Happens(new DeviceSignedOut("c2"));

        Assert.Equal(["desk-1"], story.Records.SignedOutDevices.Select(d => d.Id));
    }

    [Fact]
    public void TheLastConnectionThatIsSignedOutLeavesItsUserTheGrace()
    {
        var story = new Story();
        Connects(story, "c1", device: null);

        Assert.False(story.Happens(new DeviceSignedOut("c1")).IsNews);
        Assert.True(story.IsSweptWhenDue().IsNews);
        Assert.Equal((PresenceStatus.Offline, Start + story.Options.DisconnectGrace), (story.Status, story.Now));
        Assert.Empty(story.Records.SignedOutDevices);
    }

    [Fact]
    public void WithoutAGraceTheLastConnectionThatIsSignedOutTakesItsUserAlong()
    {
        var story = new Story(o => o.DisconnectGrace = TimeSpan.Zero);
        Connects(story, "c1", Phone);

        var decision = story.Happens(new DeviceSignedOut("c1"));

        Assert.Equal((true, true, PresenceStatus.Offline), (decision.IsNews, decision.Owes!.Closes, story.Status));
        Assert.True(story.Records.IsSignedOut(Phone, Start - Seconds(1)));
    }

    [Fact]
    public void CredentialsFromBeforeASignOutChangeAndSignOutNothing()
    {
        var story = new Story();
        Connects(story, "c1", Phone);
        story.Passes(Seconds(5)).Happens(new SignedOut(IsRevoked: true));
        story.Passes(Seconds(5)).IsActive();
        Connects(story, "c2", Phone);

        Assert.Equal(Outcome.Stale, story.Happens(new DeviceChanged("c2", "web", null, IssuedAt: Start)).Outcome);
        Assert.Equal(Outcome.Stale, story.Happens(new DeviceSignedOut("c2", IssuedAt: Start)).Outcome);
        Assert.Equal(Outcome.Stale, story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy), IssuedAt: Start)).Outcome);
        Assert.Equal(Outcome.Applied, story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy), IssuedAt: story.Now)).Outcome);
    }

    [Fact]
    public void OnlySoManyAreRemembered()
    {
        var story = new Story();
        for (var i = 1; i <= 20; i++)
        {
            Connects(story, $"c{i}", new($"d{i}"));
            story.Happens(new DeviceSignedOut($"c{i}"));
        }

        Assert.Equal(Enumerable.Range(5, 16).Select(i => $"d{i}"), story.Records.SignedOutDevices.Select(d => d.Id));
    }

    private static Decision Connects(Story story, string connection, Device? device) => story.Happens(new Connected(connection, story.Now, Device: device));
}
