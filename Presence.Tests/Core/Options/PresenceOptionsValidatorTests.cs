using Presence.Core.Options;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Options;

public class PresenceOptionsValidatorTests
{
    public static TheoryData<string, TimeSpan, TimeSpan> Ranges => new()
    {
        { nameof(PresenceOptions.ThrottleWindow), Seconds(1), TimeSpan.FromHours(1) },
        { nameof(PresenceOptions.OfflineAfter), Seconds(1), TimeSpan.FromDays(7) },
        { nameof(PresenceOptions.AwayAfter), Seconds(1), TimeSpan.FromDays(7) },
        { nameof(PresenceOptions.DisconnectGrace), TimeSpan.Zero, TimeSpan.FromMinutes(10) },
        { nameof(PresenceOptions.ConnectionCheckAfter), Seconds(1), TimeSpan.FromDays(1) },
        { nameof(PresenceOptions.SessionLifetime), TimeSpan.FromMinutes(1), TimeSpan.FromDays(365) },
        { nameof(PresenceOptions.SessionCacheFor), TimeSpan.Zero, TimeSpan.FromMinutes(10) },
        { nameof(PresenceOptions.RosterCacheFor), TimeSpan.Zero, TimeSpan.FromMinutes(1) },
        { nameof(PresenceOptions.AnonymousRetention), TimeSpan.FromHours(1), TimeSpan.FromDays(3650) },
        { nameof(PresenceOptions.CredentialLifetime), TimeSpan.FromMinutes(1), TimeSpan.FromDays(365) },
        { nameof(PresenceOptions.EventRetention), TimeSpan.FromHours(1), TimeSpan.FromDays(90) },
    };

    [Fact]
    public void TheDefaultsWithAKeyAndAnAudienceAreValid() => Assert.Empty(Problems(Settings()));

    [Theory]
    [MemberData(nameof(Ranges))]
    public void ATimeSpanIsHeldToItsLimits(string setting, TimeSpan least, TimeSpan most)
    {
        var tick = TimeSpan.FromTicks(1);

        Assert.Empty(Problems(With(setting, least)));
        Assert.Empty(Problems(With(setting, most)));
        AssertNames(setting, With(setting, least - tick));
        AssertNames(setting, With(setting, most + tick));
    }

    [Fact]
    public void NoEventsAtAllMayBeKept() => Assert.Empty(Problems(With(nameof(PresenceOptions.EventRetention), TimeSpan.Zero)));

    [Fact]
    public void HistoryIsKeptForTheTimeItTakesToSumItUpOrNotAtAll()
    {
        var (setting, least, most) = (nameof(PresenceOptions.HistoryRetention), TimeSpan.FromDays(15), TimeSpan.FromDays(400));

        Assert.All((TimeSpan[])[TimeSpan.Zero, least, most], time => Assert.Empty(Problems(With(setting, time))));
        Assert.All((TimeSpan[])[-least, Seconds(1), least - TimeSpan.FromTicks(1), most + TimeSpan.FromTicks(1)], time => AssertNames(setting, With(setting, time)));
        Assert.False(Settings().KeepsHistory);
    }

    [Theory]
    [InlineData(nameof(PresenceOptions.ShardCount), 1, 256)]
    [InlineData(nameof(PresenceOptions.MaxThrottleEntries), 1, 10_000_000)]
    [InlineData(nameof(PresenceOptions.TruthSample), 0, 1000)]
    public void ANumberIsHeldToItsLimits(string setting, int least, int most)
    {
        Assert.Empty(Problems(With(setting, least)));
        Assert.Empty(Problems(With(setting, most)));
        AssertNames(setting, With(setting, least - 1));
        AssertNames(setting, With(setting, most + 1));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(10_000_000.01)]
    [InlineData(double.NaN)]
    public void ABudgetIsHeldToItsLimits(double budget)
    {
        Assert.Empty(Problems(Settings(o => o.MonthlyBudget = 10_000_000)));
        AssertNames(nameof(PresenceOptions.MonthlyBudget), Settings(o => o.MonthlyBudget = budget));
    }

    [Fact]
    public void APriceIsHeldToItsLimits()
    {
        AssertNames("Prices:Unit", Settings(o => o.Prices.Unit = -1));
        AssertNames("Prices:UnitConnections", Settings(o => o.Prices.UnitConnections = 0));
        AssertNames("Prices:InstanceThroughput", Settings(o => o.Prices.InstanceThroughput = 0));
    }

    [Theory]
    [InlineData(nameof(PresenceOptions.SweepSchedule), "* * * * *")]
    [InlineData(nameof(PresenceOptions.CleanupSchedule), "whenever")]
    [InlineData(nameof(PresenceOptions.CensusSchedule), "0 * * * *")]
    [InlineData(nameof(PresenceOptions.WebhookSchedule), "*/15 * * * *")]
    [InlineData(nameof(PresenceOptions.TruthSchedule), "30 * * * *")]
    [InlineData(nameof(PresenceOptions.SweepSchedule), null)]
    [InlineData(nameof(PresenceOptions.DefaultConversation), "a/b")]
    [InlineData(nameof(PresenceOptions.TableName), "ab")]
    [InlineData(nameof(PresenceOptions.TableName), "1table")]
    [InlineData(nameof(PresenceOptions.TableName), "my-table")]
    public void ATextIsHeldToItsForm(string setting, string? value) => AssertNames(setting, With(setting, value));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("stpresence2")]
    [InlineData("stpresence2, https://stpresence3.table.core.windows.net,")]
    [InlineData("UseDevelopmentStorage=true")]
    [InlineData("a01,a02,a03,a04,a05,a06,a07,a08,a09")]
    public void FurtherAccountsAreNamesAddressesOrConnectionStrings(string? accounts) =>
        Assert.Empty(Problems(With(nameof(PresenceOptions.StorageAccounts), accounts)));

    [Theory]
    [InlineData("a01,a02,a03,a04,a05,a06,a07,a08,a09,a10")]
    [InlineData("http://stpresence2.table.core.windows.net")]
    [InlineData("St-Presence")]
    [InlineData("stpresence2;stpresence3")]
    public void WhatIsNoAccountIsRefusedAndNeverShown(string accounts)
    {
        AssertNames(nameof(PresenceOptions.StorageAccounts), With(nameof(PresenceOptions.StorageAccounts), accounts));
        Assert.DoesNotContain(Problems(With(nameof(PresenceOptions.StorageAccounts), accounts)), p => p.Contains(accounts, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("https://presence.westeurope-1.eventgrid.azure.net/api/events", "")]
    [InlineData("https://presence.westeurope-1.eventgrid.azure.net/api/events", "a-key")]
    [InlineData("http://127.0.0.1:8080/api/events", "a-key")]
    public void AnEventGridTopicIsAnHttpsUrlOrOneOfThisMachineWithAKey(string topic, string key) => Assert.Empty(Problems(EventGrid(topic, key)));

    [Theory]
    [InlineData("presence", "")]
    [InlineData("http://presence.example.com/api/events", "a-key")]
    [InlineData("http://127.0.0.1:8080/api/events", "")]
    public void AnythingElseIsNone(string topic, string key) => AssertNames(nameof(PresenceOptions.EventGridTopic), EventGrid(topic, key));

    [Fact]
    public void AKeyOfNoTopicIsRefusedAndNeverShown()
    {
        AssertNames(nameof(PresenceOptions.EventGridKey), EventGrid("", "a-secret-key"));
        Assert.DoesNotContain(Problems(EventGrid("", "a-secret-key")), p => p.Contains("a-secret-key", StringComparison.Ordinal));
    }

    [Fact]
    public void ATopicNeedsEvents()
    {
        var options = EventGrid("https://presence.example.com/", "");
        options.EventRetention = TimeSpan.Zero;

        AssertNames(nameof(PresenceOptions.EventGridTopic), options);
    }

    [Fact]
    public void ADeliveryThatDoesNotExistIsRefused()
    {
        Assert.Empty(Problems(With(nameof(PresenceOptions.Delivery), DeliveryMode.Binding)));
        AssertNames(nameof(PresenceOptions.Delivery), With(nameof(PresenceOptions.Delivery), (DeliveryMode)7));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("a-._~@:Z9")]
    public void TheDefaultConversationIsEmptyOrAnId(string? conversation) =>
        Assert.Empty(Problems(With(nameof(PresenceOptions.DefaultConversation), conversation)));

    [Fact]
    public void ExactlyOneOfAuthorityAndKeyMustBeSet()
    {
        AssertNames("Authentication:Authority", Settings(o => o.Authentication.SigningKey = null));
        AssertNames("Authentication:SigningKey", Settings(o => o.Authentication.Authority = "https://login.example.com"));
    }

    [Theory]
    [InlineData("https://login.example.com/", true)]
    [InlineData("http://127.0.0.1:5000", true)]
    [InlineData("http://login.example.com", false)]
    [InlineData("login", false)]
    public void AnAuthorityIsAnHttpsUrl(string authority, bool valid)
    {
        var options = Settings(o => (o.Authentication.Authority, o.Authentication.SigningKey) = (authority, null));

        Assert.Equal(valid, !Problems(options).Any());
    }

    [Fact]
    public void AKeyHasAtLeast32BytesAndIsNeverShown()
    {
        var options = Settings(o => o.Authentication.SigningKey = "short-secret");

        AssertNames("Authentication:SigningKey", options);
        Assert.DoesNotContain(Problems(options), p => p.Contains("short-secret", StringComparison.Ordinal));
        Assert.Empty(Problems(Settings(o => o.Authentication.SigningKey = new string('é', 16))));
    }

    [Fact]
    public void AudienceAndClaimMustBeSetAndTheSkewIsLimited()
    {
        AssertNames("Authentication:Audience", Settings(o => o.Authentication.Audience = null));
        AssertNames("Authentication:UserIdClaim", Settings(o => o.Authentication.UserIdClaim = ""));
        AssertNames("Authentication:ClockSkew", Settings(o => o.Authentication.ClockSkew = TimeSpan.FromMinutes(11)));
        AssertNames("Authentication:ClockSkew", Settings(o => o.Authentication.ClockSkew = Seconds(-1)));
    }

    [Theory]
    [InlineData(60, 300, 300, 60)]
    [InlineData(60, 5, 300, 2.5)]
    [InlineData(60, 300, 10, 5)]
    public void AnActiveUserIsRecordedTwiceBeforeItCouldBeTakenForGone(double throttle, double offline, double away, double every) =>
        Assert.Equal(Seconds(every), Settings(o =>
            (o.ThrottleWindow, o.OfflineAfter, o.AwayAfter) = (Seconds(throttle), Seconds(offline), Seconds(away))).RecordEvery);

    private static void AssertNames(string setting, PresenceOptions options) =>
        Assert.Contains(Problems(options), p => p.StartsWith("Presence", StringComparison.Ordinal) && p.Contains(setting, StringComparison.Ordinal));

    private static IEnumerable<string> Problems(PresenceOptions options) =>
        new PresenceOptionsValidator().Validate(null, options).Failures ?? [];

    private static PresenceOptions EventGrid(string topic, string key) => Settings(o => (o.EventGridTopic, o.EventGridKey) = (topic, key));

    private static PresenceOptions With(string setting, object? value) =>
        Settings(o => typeof(PresenceOptions).GetProperty(setting)!.SetValue(o, value));
}
