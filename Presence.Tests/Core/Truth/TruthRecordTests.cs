using Presence.Core.Ports;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Truth;

public class TruthRecordTests
{
    [Fact]
    public void ChecksAreKeptForADay()
    {
        var record = TruthRecord.Next(null, new(10, 1, 0), Start);
        record = TruthRecord.Next(record, new(5, 0, 2), Start + TimeSpan.FromMinutes(59));
        Assert.Equal(new(15, 1, 2), record.Counts);
        Assert.Single(record.Hours);

        record = TruthRecord.Next(record, new(7, 0, 0), Start + TimeSpan.FromHours(23));
        Assert.Equal(new(22, 1, 2), record.Counts);

        record = TruthRecord.Next(record, default, Start + TimeSpan.FromHours(24));
        Assert.Equal(new(7, 0, 0), record.Counts);
    }

    [Fact]
    public void WhatIsKeptReadsAsItWasWritten()
    {
        var record = TruthRecord.Next(TruthRecord.Next(null, new(10, 1, 3), Start), new(1, 0, 0), Start + TimeSpan.FromHours(1));

        var read = TruthRecord.FromJson(record.ToJson());

        Assert.Equal((record.CheckedAt, record.Counts), (read.CheckedAt, read.Counts));
        Assert.Equal(record.Hours, read.Hours);
    }
}
