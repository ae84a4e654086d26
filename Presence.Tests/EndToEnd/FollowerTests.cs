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
        await follower.WhenLiveAsync(TestContext.Current.CancellationToken).InTime(() => follower.State);
        Assert.Equal((true, false), (follower.Users[alice.Id].IsOnline, follower.Users[bob.Id].IsOnline));
        Assert.Equal(2, follower.Conversations[conversation].Occupancy.Members);
        await alice.SignOutAsync();
        await bob.ActAsync();

        var left = new HashSet<(string, bool)> { (alice.Id, false), (bob.Id, true) };
        while (left.Count > 0)
        {
            Assert.True(await next.AsTask().InTime(() => $"It did not hear {string.Join(", ", left)}."));
            if (changes.Current is UserChanged { Cause: ChangeCause.Live, To: { } to })
            {
                left.Remove((to.UserId, to.IsOnline));
            }

            if (left.Count > 0)
            {
                next = changes.MoveNextAsync();
            }
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
        await follower.WhenLiveAsync(TestContext.Current.CancellationToken).InTime(() => follower.State);

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
        await follower.WhenLiveAsync(TestContext.Current.CancellationToken).InTime(() => follower.State);

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
