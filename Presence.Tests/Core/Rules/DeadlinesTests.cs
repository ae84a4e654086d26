using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class DeadlinesTests
{
    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    [Fact]
    public void TheNextActivityIsRecordedAfterTheWindow() =>
        Assert.Equal(Start + Seconds(65), Deadlines.NextRecordAt(Create(), Settings()));

    [Fact]
    public void WithoutConnectionOnlyOfflineIsDue()
    {
        var record = Create();

        Assert.Equal(Start + TimeSpan.FromMinutes(5), Deadlines.OfflineAt(record, Settings()));
        Assert.Equal((Never, Never), (Deadlines.AwayAt(record, Settings()), Deadlines.CheckAt(record, Settings())));
        Assert.Equal(Start + TimeSpan.FromMinutes(5), Deadlines.DueAt(record, Settings()));
    }

    [Fact]
    public void AfterTheLastConnectionTheGraceIsDueWhateverTheLastActivity()
    {
        var record = Create() with { LastClosedAt = Start + TimeSpan.FromHours(1) };

        Assert.Equal(Start + TimeSpan.FromHours(1) + Seconds(10), Deadlines.DueAt(record, Settings()));
    }

    [Fact]
    public void WithAConnectionAwayOrTheCheckIsDueAndNeverOffline()
    {
        var record = Create(Start, Start - Seconds(400));

        Assert.Equal(Never, Deadlines.OfflineAt(record, Settings()));
        Assert.Equal(Start + TimeSpan.FromMinutes(5), Deadlines.AwayAt(record, Settings()));
        Assert.Equal(Start + Seconds(200), Deadlines.CheckAt(record, Settings()));
        Assert.Equal(Start + Seconds(200), Deadlines.DueAt(record, Settings()));
    }

    [Fact]
    public void WhoIsAwayIsNotDueToTurnAway()
    {
        var record = Create(Start) with { Status = PresenceStatus.Away };

        Assert.Equal(Start + TimeSpan.FromMinutes(10), Deadlines.DueAt(record, Settings()));
    }

    private static OnlineRecord Create(params DateTimeOffset[] connections) => new()
    {
        Since = Start,
        LastActiveAt = Start,
        Status = PresenceStatus.Online,
        Version = 1,
        Connections = new([.. connections.Select((at, i) => new ConnectionMark($"c{i}", at))], []),
    };
}
