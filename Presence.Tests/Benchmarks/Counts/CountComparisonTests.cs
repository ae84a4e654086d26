using Presence.Benchmarks.Counts;

namespace Presence.Tests.Benchmarks.Counts;

public sealed class CountComparisonTests
{
    [Fact]
    public void TheSameIsGood()
    {
        var comparison = Compare([new("sweep", 17, null)], ("sweep", 17));

        Assert.True(comparison.IsGood);
        Assert.Empty(comparison.Better);
    }

    [Fact]
    public void WhatGotWorseIsToldWithByHowMuch()
    {
        var comparison = Compare([new("sweep", 1_020, null), new("steady", 1.846, null)], ("sweep", 17), ("steady", 1.846));

        Assert.Equal(["sweep: 1,020 instead of 17 (+1,003)"], comparison.Worse);
    }

    [Fact]
    public void WhatGotBetterIsToldAndGood()
    {
        var comparison = Compare([new("sweep", 16.5, null)], ("sweep", 17));

        Assert.True(comparison.IsGood);
        Assert.Equal(["sweep: 16.5 instead of 17 (-0.5)"], comparison.Better);
    }

    [Fact]
    public void WhatRacesMayDifferByItsSpread()
    {
        var count = new Count("burst", 8.2, null) { Spread = 0.1 };

        Assert.True(Compare([count], ("burst", 7.9)).IsGood);
        Assert.False(Compare([count], ("burst", 7.0)).IsGood);
    }

    [Fact]
    public void AFileThatDoesNotFitIsNotGood()
    {
        var comparison = Compare([new("new", 1, null)], ("old", 1));

        Assert.Equal(2, comparison.Worse.Count);
    }

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        var read = CountsFile.Read(CountsFile.Write([new("sweep, 1,000 due", 93, null), new("steady", 1.8461538, null)]));

        Assert.Equal(new Dictionary<string, double> { ["sweep, 1,000 due"] = 93, ["steady"] = 1.846 }, read);
    }

    [Fact]
    public void AFileThatIsNoneSaysSo() => Assert.Throws<InvalidDataException>(() => CountsFile.Read("[]"));

    [Fact]
    public void TheKnownCountsCanBeRead() =>
        Assert.NotEmpty(CountsFile.Read(File.ReadAllText(Path.Combine(Repository.Root, "Presence.Benchmarks", "counts.json"))));

    private static CountComparison Compare(IReadOnlyList<Count> counts, params (string Name, double Value)[] known) =>
        CountComparison.Of(counts, known.ToDictionary(k => k.Name, k => k.Value));
}
