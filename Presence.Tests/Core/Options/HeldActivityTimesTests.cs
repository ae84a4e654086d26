using CsCheck;
using Presence.Core.Options;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Options;

/// <summary>When what a window held back is written at the latest.</summary>
public class HeldActivityTimesTests
{
    /// <summary>All that validation lets through, short times as often as long ones.</summary>
    private static readonly Gen<PresenceOptions> Valid = Gen.Select(Span(3_600), Span(604_800), Span(604_800), (throttle, offline, away) =>
        Settings(o => (o.ThrottleWindow, o.OfflineAfter, o.AwayAfter) = (throttle, offline, away)));

    [Fact]
    public void WhateverTheSettingsItIsWrittenBeforeTheUserWouldBeTakenForGoneOrAway() => Valid.Sample(
        o =>
        {
            var latest = o.MostBehind + o.QuietAfter + (o.RecordWindow / 10) + o.Leeway;
            return latest + o.Leeway <= Gone(o) + TimeSpan.FromTicks(10) && o.Leeway > TimeSpan.FromMilliseconds(20);
        },
        iter: 50_000, print: Print);

    [Fact]
    public void WhateverTheSettingsAnActivityIsThrottledForAWindowAtLeast() =>
        Valid.Sample(o => o.MostBehind >= o.RecordWindow && o.RecordWindow >= o.RecordEvery, iter: 50_000, print: Print);

    [Fact]
    public void WhoCallsMoreOftenThanOncePerWindowIsNeverQuietWhereTimesAreNotTight() =>
        Valid.Sample(o => o.QuietAfter == o.RecordWindow || Gone(o) < o.ThrottleWindow * 4, iter: 50_000, print: Print);

    [Fact]
    public void WithTheDefaultsAWindowWithoutACallIsQuiet() =>
        Assert.Equal((65, 65, 146.75, 40.875), (
            Settings().RecordWindow.TotalSeconds, Settings().QuietAfter.TotalSeconds, Settings().MostBehind.TotalSeconds, Settings().Leeway.TotalSeconds));

    private static Gen<TimeSpan> Span(int most) =>
        Gen.Double[0, Math.Log(most)].Select(log => TimeSpan.FromMilliseconds(Math.Clamp(Math.Exp(log) * 1_000, 1_000, most * 1_000L)));

    private static TimeSpan Gone(PresenceOptions o) => o.OfflineAfter < o.AwayAfter ? o.OfflineAfter : o.AwayAfter;

    private static string Print(PresenceOptions o) => $"{o.ThrottleWindow} {o.OfflineAfter} {o.AwayAfter}";
}
