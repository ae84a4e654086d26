using Presence.Chaos;
using Presence.Chaos.Clients;
using Presence.Chaos.Faults;
using Presence.Chaos.Judgement;

namespace Presence.Tests.Chaos.Judgement;

public class VerdictTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string Ann = Population.User("ann", 1);
    private static readonly string AnnsRoom = Population.HomeOf(Ann)!;

    private readonly Journal _journal = new();
    private readonly FaultLog _faults = new();

    [Theory]
    [InlineData(16.5, 16.6, true)]
    [InlineData(16, 16.6, false)]
    [InlineData(19, 20.1, false)]
    public void WhoCalledJustBeforeMustNotBeToldOffline(double begun, double answered, bool isWrong)
    {
        _journal.Activity.Enqueue((Ann, At(begun), At(answered)));
        _journal.Activity.Enqueue((Ann, At(21), At(21.1)));
        Hear("watcher", Ann, "offline", changedAt: 20);

        AssertFound(isWrong ? FindingKind.Wrong : null, "was told offline");
    }

    [Theory]
    [InlineData("online", 15, true)]
    [InlineData("offline", 15, false)]
    [InlineData("online", 25, false)]
    [InlineData("online", 9, false)]
    public void WhoIsOutMustNotComeBackByItself(string status, double changedAt, bool isWrong)
    {
        _journal.Absences.Enqueue(new(Ann, "signed out", VersionAt(10), Until: At(20)));
        _journal.Truth.Enqueue((new(Ann, status, VersionAt(changedAt)), At(changedAt)));

        AssertFound(isWrong ? FindingKind.Wrong : null, "was back by itself");
    }

    [Theory]
    [InlineData(24, false)]
    [InlineData(26, true)]
    [InlineData(41, false)]
    public void WhoWasTakenOutMustNotHearOfItLaterThanPromised(double heardAt, bool isWrong)
    {
        _journal.Removals.Enqueue(new("mover", AnnsRoom, At(9), At(10), Until: At(40), Listened: false));
        Hear("mover", Ann, "online", changedAt: heardAt);

        AssertFound(isWrong ? FindingKind.Wrong : null, "after it was taken out");
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(8.5, true, true)]
    [InlineData(9.5, true, false)]
    [InlineData(24.0, true, false)]
    [InlineData(null, false, false)]
    public void WhoWasTakenOutAndListenedMustHaveBeenTold(double? toldAt, bool listened, bool isWrong)
    {
        _journal.Removals.Enqueue(new("mover", AnnsRoom, At(9), At(10), Until: At(40), listened));
        _journal.Leavings.Enqueue(("mover", "lobby", At(11)));
        _journal.Leavings.Enqueue(("other", AnnsRoom, At(11)));
        if (toldAt is { } at)
        {
            _journal.Leavings.Enqueue(("mover", AnnsRoom, At(at)));
        }

        AssertFound(isWrong ? FindingKind.Wrong : null, "was not told that it was taken out");
    }

    [Fact]
    public void WhatWentWrongOnTheWayDoesNotCountAgainstThat()
    {
        _journal.Removals.Enqueue(new("mover", AnnsRoom, At(9), At(10), Until: At(40), Listened: true));
        _faults.Add(At(12), At(38));

        AssertFound(null, "");
    }

    [Theory]
    [InlineData("other", "online", 11, 11.5, true)]
    [InlineData("other", "offline", 11, 11.5, false)]
    [InlineData("other", "online", 9, 11.5, false)]
    [InlineData("other", "online", 9, 26, true)]
    [InlineData("somebody", "online", 11, 11.5, false)]
    public void WhomAUserIsKeptFromMustNotHearOfIt(string listener, string status, double changedAt, double heardAt, bool isWrong)
    {
        _journal.Secrets.Enqueue(new(Ann, "other", "blocked", At(10)));
        Hear(listener, Ann, status, changedAt, heardAt);

        Assert.Equal(isWrong, new Verdict(_journal, _faults).All().Any(f => f.Kind == FindingKind.Wrong));
    }

    [Fact]
    public void NobodyMustHearOfWhoeverHidesButTheUserItself()
    {
        _journal.Secrets.Enqueue(new(Ann, From: null, "hidden", At(10)));
        Hear(Ann, Ann, "online", changedAt: 11);
        AssertFound(null, "hidden");

        Hear("watcher", Ann, "online", changedAt: 12);

        AssertFound(FindingKind.Wrong, "hidden");
    }

    [Fact]
    public void FaultsOnTheWayDoNotCountAgainstThePromise()
    {
        _journal.Removals.Enqueue(new("mover", AnnsRoom, At(9), At(10), Until: null, Listened: false));
        _faults.Add(At(12), At(15));
        Hear("mover", Ann, "online", changedAt: 10, heardAt: 26);

        AssertFound(null, "");
    }

    [Fact]
    public void TwoChangesUnderOneVersionAreWrong()
    {
        Hear("watcher", Ann, "online", changedAt: 10);
        _journal.Truth.Enqueue((new(Ann, "away", VersionAt(10)), At(10)));

        AssertFound(FindingKind.Wrong, "under one version");
    }

    [Fact]
    public void AVersionThatFallsIsWrong()
    {
        _journal.Truth.Enqueue((new(Ann, "online", VersionAt(10)), At(10)));
        _journal.Truth.Enqueue((new(Ann, "offline", VersionAt(9)), At(11)));

        AssertFound(FindingKind.Wrong, "fell from");
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void OnlyNewsAnnouncedAfterThePromisedTimeAreLate(bool isAnnouncement, bool isNew, bool isLate)
    {
        _journal.Heard.Enqueue(new("watcher", new(Ann, "online", VersionAt(10)), At(26), isAnnouncement, isNew));

        AssertFound(isLate ? FindingKind.Late : null, "after 16.0 s");
    }

    [Fact]
    public void WhoComesIntoARoomIsToldOfAsItWasLong()
    {
        Hear("watcher", Population.MoverPrefix + "1", "away", changedAt: 10, heardAt: 60);

        AssertFound(null, "");
    }

    [Fact]
    public void AWatcherThatKnowsAnotherFinalStateHasLostIt()
    {
        State? known = new(Ann, "online", 5);
        var truth = new Dictionary<string, State>(StringComparer.Ordinal) { [Ann] = new(Ann, "offline", 6) };

        Assert.Single(FinalStates.Judge([("watcher", [Ann], _ => known)], truth), finding => finding.Kind == FindingKind.Lost);
        known = null;
        Assert.Empty(FinalStates.Judge([("watcher", [Ann], _ => known)], truth));
        truth[Ann] = new(Ann, "away", 7);
        Assert.Single(FinalStates.Judge([("watcher", [Ann], _ => known)], truth));
    }

    [Fact]
    public void AnnouncementsAreExpectedOfThoseWhoListenedThen()
    {
        Hear("watcher", Ann, "online", changedAt: 10);
        Hear("watcher", Ann, "offline", changedAt: 30);
        _journal.Truth.Enqueue((new(Ann, "away", VersionAt(20)), At(20)));
        _journal.Truth.Enqueue((new(Ann, "online", VersionAt(40)), At(40)));
        _journal.Truth.Enqueue((new(Ann, "offline", VersionAt(60)), At(60)));

        var coverage = Coverage.Of(
            _journal, [("watcher", AnnsRoom, [new Span(At(5), At(50))]), ("elsewhere", "lobby", [new Span(At(5), To: null)])]);

        Assert.Equal(new Coverage(Changes: 5, Expected: 4, Seen: 2, Overtaken: 1, Stale: 0), coverage);
        Assert.Equal(1, coverage.Unseen);
    }

    private static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    private static long VersionAt(double seconds) => At(seconds).ToUnixTimeMilliseconds();

    private void Hear(string listener, string user, string status, double changedAt, double? heardAt = null) => _journal.Heard.Enqueue(
        new(listener, new(user, status, VersionAt(changedAt)), At(heardAt ?? changedAt), IsAnnouncement: true, IsNew: true));

    private void AssertFound(FindingKind? kind, string text)
    {
        var findings = new Verdict(_journal, _faults).All().ToList();
        if (kind is null)
        {
            Assert.Empty(findings);
        }
        else
        {
            var finding = Assert.Single(findings);
            Assert.Equal(kind, finding.Kind);
            Assert.Contains(text, finding.Text, StringComparison.Ordinal);
        }
    }
}
