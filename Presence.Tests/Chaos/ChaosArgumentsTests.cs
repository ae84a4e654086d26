using Presence.Chaos;

namespace Presence.Tests.Chaos;

public class ChaosArgumentsTests
{
    [Fact]
    public void NothingGivenMeansAMinuteAndASeedOfChance() =>
        Assert.Equal(new ChaosArguments(TimeSpan.FromSeconds(60), 3, 24, 5, null), ChaosArguments.Parse([], seedUnlessGiven: 5));

    [Fact]
    public void EverythingCanBeGiven() => Assert.Equal(
        new ChaosArguments(TimeSpan.FromMinutes(10), 5, 40, 7, "/tmp/logs"),
        ChaosArguments.Parse(["--minutes", "10", "--hosts=5", "--users", "40", "--seed=7", "--logs", "/tmp/logs"], seedUnlessGiven: 5));

    [Theory]
    [InlineData("--minutes")]
    [InlineData("--seconds", "0")]
    [InlineData("--hosts", "many")]
    [InlineData("--users", "-1")]
    [InlineData("--else", "1")]
    public void WhatDoesNotFitIsRefusedWithTheUsage(params string[] arguments)
    {
        var error = Assert.Throws<ArgumentException>(() => ChaosArguments.Parse(arguments, seedUnlessGiven: 5));

        Assert.Contains("usage:", error.Message, StringComparison.Ordinal);
    }
}
