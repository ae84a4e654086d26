using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class WebhookRulesTests
{
    private static readonly WebhookAttempt Delivered = WebhookAttempt.Answered(204);

    private static readonly WebhookAttempt Refused = WebhookAttempt.Answered(500);

    [Fact]
    public void AnAttemptThatFailsIsMadeAgainByTheScheduleOfStandardWebhooks()
    {
        TimeSpan[] waits = [Seconds(5), Minutes(5), Minutes(30), Hours(2), Hours(5), Hours(10), Hours(14), Hours(20), Hours(24)];
        var (health, now) = (new WebhookHealth(), Start);

        foreach (var (failed, wait) in waits.Index())
        {
            Assert.True(WebhookRules.IsDue(health, now));
            health = WebhookRules.After(health, Refused, now);

            Assert.Equal((failed + 1, now + wait, Start), (health.FailedAttempts, health.NextAttemptAt, health.FailingSince));
            Assert.False(WebhookRules.IsDue(health, now + wait - Seconds(0.001)));
            now += wait;
        }
    }

    [Fact]
    public void AfterFiveDaysOfFailingItIsDisabledByALastAttemptAtThatMoment()
    {
        var (health, now, attempts) = (new WebhookHealth(), Start, 0);
        while (health.IsEnabled)
        {
            health = WebhookRules.After(health, Refused, now);
            attempts++;
            now = health.NextAttemptAt ?? now;
        }

        Assert.Equal((WebhookEnd.Failing, Start + TimeSpan.FromDays(5), (DateTimeOffset?)null), (health.End, health.EndedAt, health.NextAttemptAt));
        Assert.Equal(12, attempts);
        Assert.False(WebhookRules.IsDue(health, now + TimeSpan.FromDays(100)));
    }

    [Fact]
    public void WhatIsDeliveredEndsAllFailing()
    {
        var failing = WebhookRules.After(new(), Refused, Start);

        var health = WebhookRules.After(failing, Delivered, Start + Seconds(5));

        Assert.Equal(
            new WebhookHealth { LastAttemptAt = Start + Seconds(5), LastStatus = 204, LastDeliveredAt = Start + Seconds(5) }, health);
    }

    [Fact]
    public void AReceiverThatIsGoneEndsItAtOnce()
    {
        var health = WebhookRules.After(new(), WebhookAttempt.Answered(410), Start);

        Assert.Equal((WebhookEnd.Gone, Start, 410, "status"), (health.End, health.EndedAt, health.LastStatus, health.LastFailure));
    }

    [Theory]
    [InlineData(3600, 3600)]
    [InlineData(1, 5)]
    [InlineData(-10, 5)]
    [InlineData(400_000, 86_400)]
    public void AReceiverMayAskForALongerWaitUpToTheLongestOfTheSchedule(int wish, int wait)
    {
        var health = WebhookRules.After(new(), WebhookAttempt.Answered(429, Seconds(wish)), Start);

        Assert.Equal(Start + Seconds(wait), health.NextAttemptAt);
    }

    [Fact]
    public void ThatALongWaitIsAskedForDoesNotKeepItFromBeingDisabled()
    {
        var failing = WebhookRules.After(new(), Refused, Start);

        var health = WebhookRules.After(failing, WebhookAttempt.Answered(503, Hours(24)), Start + Hours(119));

        Assert.Equal(Start + Hours(120), health.NextAttemptAt);
    }

    [Fact]
    public void EnabledAgainItIsDueAtOnceAndNothingIsHeldAgainstIt()
    {
        var ended = WebhookRules.Ended(WebhookRules.After(new(), Refused, Start), WebhookEnd.Disabled, Start);

        var health = WebhookRules.Enabled(ended);

        Assert.Equal((0, null, null, null, null), (health.FailedAttempts, health.FailingSince, health.NextAttemptAt, health.EndedAt, health.End));
        Assert.True(WebhookRules.IsDue(health, Start));
        Assert.Same(health, WebhookRules.Enabled(health));
    }

    [Fact]
    public void WhyItWasDisabledFirstStays()
    {
        var gone = WebhookRules.After(new(), WebhookAttempt.Answered(410), Start);

        Assert.Same(gone, WebhookRules.Ended(gone, WebhookEnd.Disabled, Start + Seconds(1)));
    }

    [Fact]
    public void CursorsThatPassOverNothingAreWrittenAnewEachHalfHourOfTheClock()
    {
        var half = new DateTimeOffset(2030, 1, 1, 12, 30, 0, TimeSpan.Zero);

        Assert.False(WebhookRules.IsStale(half, half + Minutes(29)));
        Assert.True(WebhookRules.IsStale(half, half + Minutes(30)));
        Assert.True(WebhookRules.IsStale(half + Minutes(29), half + Minutes(30)));
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(299, null)]
    [InlineData(301, "redirect")]
    [InlineData(304, "redirect")]
    [InlineData(400, "status")]
    [InlineData(503, "status")]
    public void OnlyAnAnswerOf200To299IsADelivery(int status, string? failure) =>
        Assert.Equal((failure, failure is null), (WebhookAttempt.Answered(status).Failure, WebhookAttempt.Answered(status).IsDelivered));

    private static TimeSpan Minutes(double count) => TimeSpan.FromMinutes(count);

    private static TimeSpan Hours(double count) => TimeSpan.FromHours(count);
}
