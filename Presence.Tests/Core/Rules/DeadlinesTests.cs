using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class DeadlinesTests
{
    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    [Fact]
    public void TheNextActivityIsRecordedOneWindowAfterTheLastWasWritten() =>
        Assert.Equal(Start + Seconds(95), Deadlines.NextRecordAt(Create() with { RecordedAt = Start + Seconds(30) }, Settings()));

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
        var record = Create(Start, Start + Seconds(30));

        Assert.Equal(Never, Deadlines.OfflineAt(record, Settings()));
        Assert.Equal(Start + TimeSpan.FromMinutes(5), Deadlines.AwayAt(record, Settings()));
        Assert.Equal(Start + TimeSpan.FromMinutes(10), Deadlines.CheckAt(record, Settings()));
        Assert.Equal(Start + TimeSpan.FromMinutes(5), Deadlines.DueAt(record, Settings()));
    }

    [Fact]
    public void WhileTheUserIsActiveNobodyAsksForItsConnections()
    {
        var record = Create(Start, Start - Seconds(4_000));

        Assert.Equal(Start + TimeSpan.FromMinutes(10), Deadlines.CheckAt(record, Settings()));
    }

    [Fact]
    public void WhoIsAwayIsNotDueToTurnAway()
    {
        var record = Create(Start) with { Status = PresenceStatus.Away };

        Assert.Equal(Start + TimeSpan.FromMinutes(10), Deadlines.DueAt(record, Settings()));
    }

    [Fact]
    public void PatiencePutsOffWhatFollowsFromWantOfActivity()
    {
        Assert.Equal(Start + Seconds(365), Deadlines.OfflineAt(Create(), Settings(), patience: Seconds(65)));
        Assert.Equal(Start + Seconds(365), Deadlines.AwayAt(Create(Start), Settings(), patience: Seconds(65)));
    }

    [Fact]
    public void PatiencePutsOffNothingElse()
    {
        var leaving = Create() with { LastClosedAt = Start + Seconds(20) };

        Assert.Equal(Start + Seconds(30), Deadlines.OfflineAt(leaving, Settings(), patience: Seconds(65)));
        Assert.Equal(Never, Deadlines.OfflineAt(Create(Start), Settings(), patience: Seconds(65)));
        Assert.Equal(Never, Deadlines.AwayAt(Create(), Settings(), patience: Seconds(65)));
    }

    private static OnlineRecord Create(params DateTimeOffset[] connections) => new()
    {
        Since = Start,
        LastActiveAt = Start,
        RecordedAt = Start,
        Status = PresenceStatus.Online,
        Version = 1,
        Connections = new([.. connections.Select((at, i) => new ConnectionMark($"c{i}", at))], []),
    };
}
