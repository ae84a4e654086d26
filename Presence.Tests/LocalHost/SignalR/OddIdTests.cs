using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class OddIdTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> OddIds =>
    [
        "a/b", "a%2Fb", "a%252Fb", "100%", "%25", "..", ".", "anon:7", "user name+plus", "?x=1&y#z",
        "é ö 漢字", "😀", "a\\b", "'quoted\"", "{user}",
        new string('é', 128),
    ];

    [Theory, MemberData(nameof(OddIds))]
    public async Task UsersAndGroupsOfAnyNameAreTheirOwn(string id)
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync(id);

        Assert.True(await harness.Service.UserExistsAsync(TestHub, id, Cancellation));
        await harness.Service.AddUserToGroupAsync(TestHub, id, id, cancellationToken: Cancellation);
        Assert.True(await harness.Service.UserIsInGroupAsync(TestHub, id, id, Cancellation));
        Assert.True(await harness.Service.GroupExistsAsync(TestHub, id, Cancellation));
        await harness.Service.SendToUserAsync(TestHub, id, TestClient.News, [1], Cancellation);
        await harness.Service.SendToGroupAsync(TestHub, id, TestClient.News, [2], cancellationToken: Cancellation);
        Assert.True(await harness.Service.RemoveConnectionFromGroupAsync(TestHub, ann.Id, id, Cancellation));
        await harness.Service.CloseUserConnectionsAsync(TestHub, id, reason: id, cancellationToken: Cancellation);

        Assert.Equal(1, (await ann.NextAsync()).GetInt32());
        Assert.Equal(2, (await ann.NextAsync()).GetInt32());
        Assert.Contains(id, (await ann.Closed.InTime())!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EncodedAndPlainIdsAreDifferentUsers()
    {
        await using var harness = await StartAsync();
        await harness.ConnectAsync("a/b");

        Assert.True(await harness.Service.UserExistsAsync(TestHub, "a/b", Cancellation));
        Assert.False(await harness.Service.UserExistsAsync(TestHub, "a%2Fb", Cancellation));
        Assert.False(await harness.Service.UserExistsAsync(TestHub, "a%252Fb", Cancellation));
    }

    [Fact]
    public async Task TheLongestGroupNameFitsAndOneLongerDoesNot()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann");
        var longest = new string('é', 1024);

        Assert.True(await harness.Service.AddConnectionToGroupAsync(TestHub, ann.Id, longest, Cancellation));
        var error = await Assert.ThrowsAsync<Presence.LocalHost.SignalR.SignalRServiceException>(
            () => harness.Service.AddConnectionToGroupAsync(TestHub, ann.Id, longest + "é", Cancellation));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, error.StatusCode);
    }

    [Fact]
    public async Task AClientsCallMayHaveAnyName()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync();

        await ann.Connection.SendCoreAsync("ForwardAsync", [], Cancellation);
        await ann.Connection.SendCoreAsync("a/b ü", ["x"], Cancellation);

        Assert.Equal("ForwardAsync", (await harness.Application.Events.NextAsync()).Event);
        Assert.Equal("a/b ü", (await harness.Application.Events.NextAsync()).Event);
    }
}
