using Microsoft.Extensions.Time.Testing;
using Presence.Core.Live;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Live;

public class LiveMembersTests
{
    private readonly FakeTimeProvider _clock = Clock();

    [Fact]
    public async Task WhoIsQuietGivesWayWhenThereAreTooMany()
    {
        await using var instance = Instance.OverMemory(new InMemoryPresenceStore(), _clock);
        var members = instance.Get<LiveMembers>();
        var users = Users(LiveMembers.Most + 1);
        foreach (var user in users[..^1])
        {
            members.Of(user);
        }

        _clock.Advance(LiveMembers.KnownFor);
        var busy = members.Of(users[0]);
        busy.TryTake();
        members.Of(users[^1]);

        Assert.Equal(2, members.Count);
        Assert.Same(busy, members.Of(users[0]));
    }

    [Fact]
    public async Task ThereAreNeverMoreThanThat()
    {
        await using var instance = Instance.OverMemory(new InMemoryPresenceStore(), _clock);
        var members = instance.Get<LiveMembers>();
        foreach (var user in Users(LiveMembers.Most + 1))
        {
            members.Of(user);
        }

        Assert.Equal(1, members.Count);
    }
}
