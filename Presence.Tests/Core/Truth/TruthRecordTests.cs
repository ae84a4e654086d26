using Presence.Core.Ports;
using Presence.Core.Truth;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Truth;

public class TruthRecordTests
{
    [Fact]
    public void ChecksAreKeptForADay()
    {
        var record = TruthRecord.Next(null, new(10, 1, 0, 4), Start);
        record = TruthRecord.Next(record, new(5, 0, 2), Start + TimeSpan.FromMinutes(59));
        Assert.Equal(new TruthCounts(15, 1, 2, 4), record.CountsAt(record.CheckedAt));
        Assert.Single(record.Hours);

        record = TruthRecord.Next(record, new(7, 0, 0), Start + TimeSpan.FromHours(23));
        Assert.Equal(new TruthCounts(22, 1, 2, 4), record.CountsAt(record.CheckedAt));

        record = TruthRecord.Next(record, default, Start + TimeSpan.FromHours(24));
        Assert.Equal(new TruthCounts(7, 0, 0), record.CountsAt(record.CheckedAt));
    }

    [Fact]
    public void WhatIsOlderThanADayIsNotToldWhetherAnythingWasCheckedSinceOrNot()
    {
        var record = TruthRecord.Next(TruthRecord.Next(null, new(10, 1, 0), Start), new(7, 0, 0), Start + TimeSpan.FromHours(20));

        Assert.Equal(new TruthCounts(17, 1, 0), record.CountsAt(Start + TimeSpan.FromHours(23)));
        Assert.Equal(new TruthCounts(7, 0, 0), record.CountsAt(Start + TimeSpan.FromHours(24)));
        Assert.Equal(100, TruthStats.Of(record, Start + TimeSpan.FromHours(43))!.Rate);
        Assert.Null(record.CountsAt(Start + TimeSpan.FromHours(44)));
        Assert.Null(TruthStats.Of(record, Start + TimeSpan.FromHours(44)));
    }

    [Fact]
    public void WhatIsKeptReadsAsItWasWritten()
    {
        var record = TruthRecord.Next(TruthRecord.Next(null, new(10, 1, 3, 2), Start), new(1, 0, 0), Start + TimeSpan.FromHours(1));

        var read = TruthRecord.FromJson(record.ToJson());

        Assert.Equal(record.CheckedAt, read.CheckedAt);
        Assert.Equal(record.Hours, read.Hours);
    }

    [Fact]
    public void WhatAnOlderVersionWroteIsRead()
    {
        var read = TruthRecord.FromJson("""{"CheckedAt":"2030-01-01T12:00:00+00:00","Hours":[{"Begin":"2030-01-01T12:00:00+00:00","Counts":{"Right":5,"Wrong":1,"Unchecked":2}}]}""");

        Assert.Equal(new TruthCounts(5, 1, 2), read.CountsAt(Start));
    }
}
