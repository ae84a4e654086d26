using Presence.Core.Costs;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Costs;

public class BudgetRecordTests
{
    [Fact]
    public void WhatIsUsedIsAddedUpDayByDay()
    {
        BudgetRecord? record = null;
        var totals = MetricTotals.None;
        for (var hour = 0; hour <= 48; hour++)
        {
            totals = totals.With(MetricCatalogue.StorageRequests, hour * 100, "read", "ok").With(MetricCatalogue.Executions, hour * 10, ExecutionTrigger.Timer);
            record = BudgetRecord.Next(record, totals, users: 2500, Settings(), Start.AddHours(hour));
        }

        // What was used until midnight is counted at midnight, and so with the day that begins.
        Assert.Equal([(11.0, 1100.0), (24, 2400), (13, 1300)], record!.Days.Select(d => (d.Seconds / 3600, d.Used.TableRequests)));
        Assert.Equal(3 * 2.0, record.Days.Sum(d => d.Used.UnitDays), 6);
        Assert.Equal(480, record.Days.Sum(d => d.Used.Executions));
    }

    [Fact]
    public void CountsThatAreLostTakeNothingBack()
    {
        var first = BudgetRecord.Next(null, MetricTotals.None.With(MetricCatalogue.StorageRequests, 500, "read", "ok"), 0, Settings(), Start);

        var next = BudgetRecord.Next(first, MetricTotals.None, 0, Settings(), Start + Seconds(60));

        Assert.Equal(0, next.Days.Single().Used.TableRequests);
    }

    [Fact]
    public void OfATimeInWhichNobodyCountedNothingIsSaid()
    {
        BudgetRecord? record = null;
        var counts = 0;
        void Count(double hour) => record = BudgetRecord.Next(
            record, MetricTotals.None.With(MetricCatalogue.StorageRequests, counts += 100, "read", "ok"), 1000, Settings(), Start.AddHours(hour));

        // A day at work, ten days of rest, and an hour at work again, in another month.
        for (var hour = 0; hour <= 24; hour++)
        {
            Count(hour);
        }

        Count(24 + 240);
        Count(24 + 241);

        Assert.Equal((25 * 3600.0, 2500.0), (record!.Days.Sum(d => d.Seconds), record.Days.Sum(d => d.Used.TableRequests)));
        Assert.Equal(25 / 24.0, record.Days.Sum(d => d.Used.UnitDays), 6);
    }

    [Fact]
    public void WhereACensusIsRareSoAreItsCounts()
    {
        var settings = Settings(o => o.CensusSchedule = "0 0 0 * * *");
        var first = BudgetRecord.Next(null, MetricTotals.None, 0, settings, Start);

        Assert.Equal(2 * 86_400, BudgetRecord.Next(first, MetricTotals.None, 0, settings, Start.AddDays(2)).Days.Single().Seconds);
    }

    [Fact]
    public void AStepThatHoldsNoMoreDoesNotComeBackAtOnce()
    {
        var settings = Settings(o => o.MonthlyBudget = 1);
        var days = Enumerable.Range(0, 4).Select(day => new MeasuredDay(DateOnly.FromDateTime(Start.UtcDateTime).AddDays(day), 86_400, Usage.None with { UnitDays = 50 }));
        var record = new BudgetRecord(Start.AddDays(2), UsageCounts.Of(MetricTotals.None), [.. days], null, Economy.Austere, Start);

        Assert.Equal(Economy.Thrifty, BudgetRecord.Next(record, MetricTotals.None, 0, settings, Start.AddHours(48 + 30)).Step);
    }

    [Fact]
    public void AMonthAndAWeekAreKept()
    {
        BudgetRecord? record = null;
        for (var day = 0; day < 70; day++)
        {
            record = BudgetRecord.Next(record, MetricTotals.None, 0, Settings(o => o.CensusSchedule = "0 0 0 * * *"), Start.AddDays(day));
            Assert.InRange(record.Days.Length, 0, 31 + 7);
        }

        Assert.Equal((new DateOnly(2030, 3, 1), new DateOnly(2030, 3, 11)), (record!.Days[0].Day, record.Days[^1].Day));
    }

    [Fact]
    public void AStepHoldsForADayAndNotIntoAnotherMonth()
    {
        var record = new BudgetRecord(Start, UsageCounts.Of(MetricTotals.None), [], null, Economy.Frugal, Start);

        Assert.Equal(Economy.Frugal, record.StepAt(Start.AddDays(1)));
        Assert.Equal(Economy.Normal, record.StepAt(Start.AddDays(1).AddSeconds(1)));
        Assert.Equal(Economy.Normal, (record with { DecidedAt = new(2030, 1, 31, 23, 59, 0, TimeSpan.Zero) }).StepAt(new(2030, 2, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void WhatIsKeptReadsAsItWasWritten()
    {
        var record = BudgetRecord.Next(null, MetricTotals.None, 0, Settings(), Start);
        record = BudgetRecord.Next(record, MetricTotals.None.With(MetricCatalogue.StorageRequests, 5, "read", "ok"), 7, Settings(), Start.AddHours(1));

        var read = BudgetRecord.FromJson(record.ToJson());

        Assert.Equal(record with { Days = [] }, read with { Days = [] });
        Assert.Equal(record.Days, read.Days);
    }
}
