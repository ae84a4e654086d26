using Presence.Core.Metrics;

namespace Presence.Tests.Core.Metrics;

public class MetricTotalsTests
{
    private static readonly MetricTotals Some = MetricTotals.None
        .With(MetricCatalogue.Transitions, 3, "online")
        .With(MetricCatalogue.ThrottleEntries, 5);

    [Fact]
    public void ASumAddsSeriesBySeries()
    {
        var sum = Some + MetricTotals.None.With(MetricCatalogue.Transitions, 4, "online").With(MetricCatalogue.Transitions, 1, "away");

        Assert.Equal((7, 1, 5), (
            sum.ValueOf(MetricCatalogue.Transitions, "online"),
            sum.ValueOf(MetricCatalogue.Transitions, "away"),
            sum.ValueOf(MetricCatalogue.ThrottleEntries)));
    }

    [Fact]
    public void WhatIsTakenAwayWasAddedBefore()
    {
        var other = MetricTotals.None.With(MetricCatalogue.Transitions, 4, "online");

        Assert.Equal(Some.ToJson(), (Some + other - other).ToJson());
    }

    [Fact]
    public void GaugesAreLeftOutOfWhatLasts()
    {
        var lasting = Some.WithoutGauges();

        Assert.Equal((3, 0), (lasting.ValueOf(MetricCatalogue.Transitions, "online"), lasting.ValueOf(MetricCatalogue.ThrottleEntries)));
    }

    [Fact]
    public void NeitherGaugesNorTheRequestsOfTellingAreNews()
    {
        var later = Some.With(MetricCatalogue.ThrottleEntries, 6).With(MetricCatalogue.StorageRequests, 1, "write", "ok");

        Assert.False(later.IsNewsSince(Some));
        Assert.True(later.With(MetricCatalogue.Transitions, 4, "online").IsNewsSince(Some));
        Assert.True(later.With(MetricCatalogue.DueUsers, 0).IsNewsSince(Some));
    }

    [Fact]
    public void WhatIsStoredReadsTheSame()
    {
        var read = MetricTotals.FromJson(Some.ToJson());

        Assert.Equal(Some.ToJson(), read.ToJson());
        Assert.False(read.IsNewsSince(Some));
    }

    [Theory]
    [InlineData("""{"presence.unknown{}":[1]}""")]
    [InlineData("""{"presence.status.transitions{busy}":[1]}""")]
    [InlineData("""{"presence.sweep.due_users{}":[1,2]}""")]
    [InlineData("""{"presence.time_to_offline{}":[1,2,3]}""")]
    [InlineData("")]
    [InlineData(null)]
    public void WhatAnotherVersionStoredInAnotherShapeIsLeftOut(string? json) =>
        Assert.Equal("{}", MetricTotals.FromJson(json).ToJson());
}
