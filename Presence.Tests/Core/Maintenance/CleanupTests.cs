using Presence.Core.Maintenance;
using Presence.Core.Ports;
using Presence.Core.Sessions;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Maintenance;

public sealed class CleanupTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task ExpiredSessionsAreRemovedAndOthersKept()
    {
        var instance = Create();
        var sessions = instance.Get<AnonymousSessions>();
        await sessions.IssueAsync(Guest, Seconds(60), Cancellation);
        var kept = await sessions.IssueAsync(Guest, Seconds(61), Cancellation);
        Clock.Advance(Seconds(60));

        Assert.Equal(new CleanupReport(1, 0), await CleanUpAsync(instance));
        Assert.Equal(Guest, (await sessions.ValidateAsync(kept.Token, Cancellation))?.Participant);
        Assert.Equal(new CleanupReport(0, 0), await CleanUpAsync(instance));
    }

    [Fact]
    public async Task ManyExpiredSessionsAreRemovedInOneRun()
    {
        var instance = Create();
        var store = instance.Get<ISessionStore>();
        for (var i = 0; i < 150; i++)
        {
            await store.AddAsync(Guest, new($"hash-{i}", null, Start), Cancellation);
        }

        Assert.Equal(150, (await CleanUpAsync(instance)).ExpiredSessions);
    }

    [Fact]
    public async Task AnonymousParticipantsLongGoneAreForgottenAndUsersAreNot()
    {
        var instance = Create();
        foreach (var user in new[] { Guest, Alice })
        {
            await instance.ApplyAsync(user, new Joined(Conversation));
            await instance.ApplyAsync(user, new Activity(Start));
            await instance.ApplyAsync(user, new SignedOut());
        }

        Clock.Advance(TimeSpan.FromDays(30) - Seconds(1));
        Assert.Equal(0, (await CleanUpAsync(instance)).ForgottenParticipants);
        Clock.Advance(Seconds(1));
        Assert.Equal(1, (await CleanUpAsync(instance)).ForgottenParticipants);

        Assert.Null((await instance.ViewAsync(Guest)).LastSeenAt);
        Assert.Equal(Start, (await instance.ViewAsync(Alice)).LastSeenAt);
        Assert.Equal(["alice"], (await instance.Rosters.ReadAsync(Conversation, Cancellation)).Members.Select(m => m.UserId));
    }

    private static Task<CleanupReport> CleanUpAsync(Instance instance) => instance.Get<Cleanup>().RunAsync(Cancellation);
}
