using Microsoft.Extensions.DependencyInjection;
using Presence.Client;
using Presence.Client.Following;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class FollowerTests
{
    [Fact]
    public async Task ItHearsItsConversationsAndWhomItWatches()
    {
        var system = await Target.AnyAsync();
        var (me, alice, bob) = (system.NewUser("me"), system.NewUser("alice"), system.NewUser("bob"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, me, alice);
        await system.AllowAsync(me, bob);
        await alice.ActAsync();
        await using var follower = Follower(system, me, bob);
        await using var changes = follower.ReadChangesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = changes.MoveNextAsync();

        follower.Start();
        await follower.WhenLiveAsync(TestContext.Current.CancellationToken);
        Assert.Equal((true, false), (follower.Users[alice.Id].IsOnline, follower.Users[bob.Id].IsOnline));
        Assert.Equal(2, follower.Conversations[conversation].Occupancy.Members);
        await alice.SignOutAsync();
        await bob.ActAsync();

        var heard = new HashSet<(string, bool)>();
        while (!heard.IsSupersetOf([(alice.Id, false), (bob.Id, true)]))
        {
            Assert.True(await next);
            if (changes.Current is UserChanged { Cause: ChangeCause.Live, To: { } to })
            {
                heard.Add((to.UserId, to.IsOnline));
            }

            next = changes.MoveNextAsync();
        }

        Assert.Equal((false, true), (follower.Users[alice.Id].IsOnline, follower.Users[bob.Id].IsOnline));
    }

    [Fact]
    public async Task AUserWhoIsWatchedLaterIsShownAsItIsAndHeard()
    {
        var system = await Target.AnyAsync();
        var (me, bob) = (system.NewUser("me"), system.NewUser("bob"));
        await system.AllowAsync(me, bob);
        await bob.ActAsync();
        await using var follower = Follower(system, me);
        follower.Start();
        await follower.WhenLiveAsync(TestContext.Current.CancellationToken);

        follower.Watch(bob.Id);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(follower.Users.GetValueOrDefault(bob.Id) is { IsOnline: true }), "bob is shown");
        await bob.SignOutAsync();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(follower.Users.GetValueOrDefault(bob.Id) is { IsOnline: false }), "bob is heard to leave");
    }

    [Fact]
    public async Task SignedOutItStopsForGood()
    {
        var system = await Target.AnyAsync();
        var me = system.NewUser("me");
        await using var follower = Follower(system, me);
        follower.Start();
        await follower.WhenLiveAsync(TestContext.Current.CancellationToken);

        await me.SignOutAsync();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(follower.State == FollowerState.SignedOut), "the follower has stopped");
        Assert.Equal(
            PresenceErrorCode.SignedOut,
            (await Assert.ThrowsAsync<PresenceException>(() => follower.WhenLiveAsync(TestContext.Current.CancellationToken))).Code);
    }

    private static PresenceFollower Follower(PresenceSystem system, User user, params User[] watched)
    {
        var services = new ServiceCollection();
        services.AddPresenceClient(options => options.BaseAddress = system.Nobody.BaseAddress);
        var credentials = PresenceCredentials.Bearer(user.Caller.Credentials.Value["Bearer ".Length..], user.Id);
        return new(
            services.BuildServiceProvider().GetRequiredService<IPresenceClient>(),
            new() { GetCredentials = _ => ValueTask.FromResult(credentials), Watch = [.. watched.Select(one => one.Id)] });
    }
}
