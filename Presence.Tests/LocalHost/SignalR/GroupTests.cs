using Microsoft.Extensions.Time.Testing;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class GroupTests
{
    private const string Room = "room";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AConnectionEntersAndLeavesAGroup()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann");

        Assert.True(await harness.Service.AddConnectionToGroupAsync(TestHub, ann.Id, Room, Cancellation));
        Assert.True(await harness.Service.GroupExistsAsync(TestHub, Room, Cancellation));
        Assert.True(await harness.Service.RemoveConnectionFromGroupAsync(TestHub, ann.Id, Room, Cancellation));
        Assert.False(await harness.Service.GroupExistsAsync(TestHub, Room, Cancellation));
        Assert.False(await harness.Service.RemoveConnectionFromGroupAsync(TestHub, ann.Id, Room, Cancellation));
    }

    [Fact]
    public async Task AConnectionThatIsGoneEntersNoGroup()
    {
        await using var harness = await StartAsync();

        Assert.False(await harness.Service.AddConnectionToGroupAsync(TestHub, "gone", Room, Cancellation));
        Assert.False(await harness.Service.GroupExistsAsync(TestHub, Room, Cancellation));
    }

    [Fact]
    public async Task AGroupEndsWithItsLastConnection()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann");
        await harness.Service.AddConnectionToGroupAsync(TestHub, ann.Id, Room, Cancellation);

        await ann.Connection.StopAsync(Cancellation);
        await harness.Application.Events.NextAsync();

        Assert.False(await harness.Service.GroupExistsAsync(TestHub, Room, Cancellation));
    }

    [Fact]
    public async Task RemovingAConnectionFromAllGroupsLeavesOtherConnectionsThere()
    {
        await using var harness = await StartAsync();
        var (ann, bob) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("bob"));
        await harness.Service.AddConnectionToGroupAsync(TestHub, ann.Id, Room, Cancellation);
        await harness.Service.AddConnectionToGroupAsync(TestHub, ann.Id, "attic", Cancellation);
        await harness.Service.AddConnectionToGroupAsync(TestHub, bob.Id, Room, Cancellation);

        await harness.Service.RemoveConnectionFromAllGroupsAsync(TestHub, ann.Id, Cancellation);

        Assert.False(await harness.Service.GroupExistsAsync(TestHub, "attic", Cancellation));
        Assert.Equal((false, true), await ReachedAsync(harness, ann, bob));
    }

    [Fact]
    public async Task AUsersConnectionsOfNowAndLaterAreInTheUsersGroups()
    {
        await using var harness = await StartAsync();
        var now = await harness.ConnectAsync("ann");

        await harness.Service.AddUserToGroupAsync(TestHub, "ann", Room, cancellationToken: Cancellation);
        var later = await harness.ConnectAsync("ann");

        Assert.Equal((true, true), await ReachedAsync(harness, now, later));
        Assert.True(await harness.Service.UserIsInGroupAsync(TestHub, "ann", Room, Cancellation));
        Assert.False(await harness.Service.UserIsInGroupAsync(TestHub, "bob", Room, Cancellation));
    }

    [Fact]
    public async Task AUserCanEnterAGroupBeforeConnecting()
    {
        await using var harness = await StartAsync();

        await harness.Service.AddUserToGroupAsync(TestHub, "ann", Room, cancellationToken: Cancellation);
        Assert.False(await harness.Service.GroupExistsAsync(TestHub, Room, Cancellation));
        await harness.ConnectAsync("ann");

        Assert.True(await harness.Service.GroupExistsAsync(TestHub, Room, Cancellation));
    }

    [Fact]
    public async Task AUserLeavesAGroupWithAllConnections()
    {
        await using var harness = await StartAsync();
        var now = await harness.ConnectAsync("ann");
        await harness.Service.AddUserToGroupAsync(TestHub, "ann", Room, cancellationToken: Cancellation);

        await harness.Service.RemoveUserFromGroupAsync(TestHub, "ann", Room, Cancellation);
        var later = await harness.ConnectAsync("ann");

        Assert.Equal((false, false), await ReachedAsync(harness, now, later));
    }

    [Fact]
    public async Task AUserLeavesAllGroups()
    {
        await using var harness = await StartAsync();
        var now = await harness.ConnectAsync("ann");
        await harness.Service.AddUserToGroupAsync(TestHub, "ann", Room, cancellationToken: Cancellation);
        await harness.Service.AddUserToGroupAsync(TestHub, "ann", "attic", cancellationToken: Cancellation);

        await harness.Service.RemoveUserFromAllGroupsAsync(TestHub, "ann", Cancellation);
        var later = await harness.ConnectAsync("ann");

        Assert.Equal((false, false), await ReachedAsync(harness, now, later));
        Assert.False(await harness.Service.GroupExistsAsync(TestHub, "attic", Cancellation));
    }

    [Fact]
    public async Task OnlyConnectionsWithinTheTimeToLiveJoinTheUsersGroup()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var harness = await StartAsync(new() { TimeProvider = time });
        await harness.Service.AddUserToGroupAsync(TestHub, "ann", Room, TimeSpan.FromSeconds(60), Cancellation);

        time.Advance(TimeSpan.FromSeconds(59));
        var within = await harness.ConnectAsync("ann");
        time.Advance(TimeSpan.FromSeconds(1));
        var after = await harness.ConnectAsync("ann");

        Assert.Equal((true, false), await ReachedAsync(harness, within, after));
        Assert.False(await harness.Service.UserIsInGroupAsync(TestHub, "ann", Room, Cancellation));
    }

    [Fact]
    public async Task WithATimeToLiveOfZeroOnlyTheConnectionsOfNowJoin()
    {
        await using var harness = await StartAsync();
        var now = await harness.ConnectAsync("ann");

        await harness.Service.AddUserToGroupAsync(TestHub, "ann", Room, TimeSpan.Zero, Cancellation);
        var later = await harness.ConnectAsync("ann");

        Assert.Equal((true, false), await ReachedAsync(harness, now, later));
    }

    [Fact]
    public async Task OfUnlimitedMembershipsTheHundredUpdatedLastAreKept()
    {
        await using var harness = await StartAsync();

        for (var i = 0; i <= 100; i++)
        {
            await harness.Service.AddUserToGroupAsync(TestHub, "ann", $"room-{i}", cancellationToken: Cancellation);
        }

        Assert.False(await harness.Service.UserIsInGroupAsync(TestHub, "ann", "room-0", Cancellation));
        Assert.True(await harness.Service.UserIsInGroupAsync(TestHub, "ann", "room-1", Cancellation));
    }

    private static async Task<(bool First, bool Second)> ReachedAsync(EmulatorHarness harness, TestClient first, TestClient second)
    {
        await harness.Service.SendToGroupAsync(TestHub, Room, TestClient.News, ["news"], cancellationToken: Cancellation);
        return (await IsReachedAsync(harness, first), await IsReachedAsync(harness, second));
    }

    // The mark comes after the news, if there is any.
    private static async Task<bool> IsReachedAsync(EmulatorHarness harness, TestClient client)
    {
        await harness.Service.SendToConnectionAsync(TestHub, client.Id, TestClient.Mark, ["mark"], Cancellation);
        return (await client.NextAsync()).GetString() == "news";
    }
}
