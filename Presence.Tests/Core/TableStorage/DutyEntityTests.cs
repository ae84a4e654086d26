using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core.TableStorage;

public class DutyEntityTests
{
    public static TheoryData<PresenceStatus> Statuses => [.. Enum.GetValues<PresenceStatus>()];

    [Theory, MemberData(nameof(Statuses))]
    public void NewsOfAnyStatusAreReadAsTheyWereWritten(PresenceStatus status)
    {
        var view = new PresenceView
        {
            UserId = "alice",
            IsAnonymous = false,
            Status = status,
            Availability = status == PresenceStatus.Online ? Availability.DoNotDisturb : AvailabilityName.Implied(status),
            Text = "on a train",
            Emoji = "🚆",
            LastActiveAt = null,
            LastSeenAt = null,
            Version = 0,
        };
        var written = new Duty { News = new(PresenceKey.Registered("alice"), view, ["team-1"], IsWatched: false, DecidedAt: default) { IsOfJoining = true }, IsToldToOneself = true };

        var read = new StoredDuty(PresenceKey.Registered("alice"), "id", written, DateTimeOffset.UnixEpoch).ToEntity("s00").ToDuty();

        Assert.True(read.Duty.IsToldToOneself && read.Duty.News!.IsOfJoining);
        Assert.Equal(view, read.Duty.News!.View);
        Assert.Equal(["team-1"], read.Duty.News.Conversations);
    }
}
