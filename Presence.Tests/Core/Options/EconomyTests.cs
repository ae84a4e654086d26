using Presence.Core.Domain;
using Presence.Core.Options;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Options;

public class EconomyTests
{
    public static TheoryData<Economy, int, int> Windows => new()
    {
        { Economy.Normal, 60, 300 },
        { Economy.Thrifty, 120, 300 },
        { Economy.Frugal, 150, 300 },
        { Economy.Austere, 150, 300 },
        { Economy.Frugal, 240, 3600 },
        { Economy.Austere, 480, 3600 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void AStepWidensTheWindowAsFarAsThatIsSafe(Economy economy, int window, int offlineAfter)
    {
        var options = Settings(o => (o.OfflineAfter, o.AwayAfter) = (Seconds(offlineAfter), Seconds(offlineAfter)));

        Assert.Equal(Seconds(window), options.At(economy).RecordEvery);
    }

    [Fact]
    public void AWiderWindowMakesNoClientCallMoreOften()
    {
        foreach (var economy in Enum.GetValues<Economy>())
        {
            Assert.Equal(Seconds(235), Settings().At(economy).PaceOfConnected);
            Assert.Equal(Seconds(162.5), Settings(o => o.ConnectedPace = Seconds(70)).At(Economy.Austere).PaceOfConnected);
        }
    }

    /// <summary>What is held back is written, and a client called again, before its user would be taken for gone, at whatever step.</summary>
    [Fact]
    public void WhateverTheSettingsAUserWhoKeepsCallingIsNotTakenForGone()
    {
        var random = new Random(1);
        for (var run = 0; run < 2000; run++)
        {
            var settings = Settings(o =>
            {
                o.ThrottleWindow = Seconds(random.Next(1, 3600));
                (o.OfflineAfter, o.AwayAfter) = (Seconds(random.Next(1, 4000)), Seconds(random.Next(1, 4000)));
            });
            foreach (var options in Enum.GetValues<Economy>().Select(settings.At))
            {
                var gone = options.OfflineAfter < options.AwayAfter ? options.OfflineAfter : options.AwayAfter;
                Assert.True(options.RecordEvery <= gone / 2, options.RecordEvery.ToString());
                Assert.True(options.WrittenAfter + options.Leeway < gone, $"{options.WrittenAfter} of {gone}");
                Assert.True(options.MostBehind < gone, options.MostBehind.ToString());
                Assert.True(options.PaceOfConnected < options.AwayAfter, options.PaceOfConnected.ToString());
            }
        }
    }

    [Fact]
    public void WhereThereIsNoBudgetNothingIsWidest()
    {
        Assert.Equal(Seconds(60), Settings().Widest.RecordEvery);
        Assert.Equal(Seconds(150), Settings(o => o.MonthlyBudget = 1).Widest.RecordEvery);
    }

    [Fact]
    public void TheSettingsInForceAreThoseOfTheLastStepTaken()
    {
        var settings = new SettingsInForce(Settings());

        Assert.True(settings.Take(Economy.Frugal));
        Assert.False(settings.Take(Economy.Frugal));
        Assert.Equal((Economy.Frugal, Seconds(150)), (settings.Value.StepOfEconomy, settings.Value.RecordEvery));
        Assert.True(settings.Take(Economy.Normal));
        Assert.Equal(Seconds(60), settings.Value.RecordEvery);
    }
}
