using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class CloseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<HttpTransportType> Transports =>
        [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];

    [Theory, MemberData(nameof(Transports))]
    public async Task AClosedClientIsToldTheReason(HttpTransportType transport)
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann", transport: transport);
        var id = ann.Id;

        await harness.Service.CloseConnectionAsync(TestHub, id, "signed out elsewhere", Cancellation);

        Assert.False(await harness.Service.ConnectionExistsAsync(TestHub, id, Cancellation));
        var error = Assert.IsType<HubException>(await ann.Closed.InTime(), exactMatch: false);
        Assert.Contains("signed out elsewhere", error.Message, StringComparison.Ordinal);
        var last = await harness.Application.Events.NextAsync();
        Assert.Equal((id, "disconnected"), (last.ConnectionId, last.Event));
    }

    [Fact]
    public async Task WithoutAReasonAClientIsClosedWithoutAnError()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann");

        await harness.Service.CloseConnectionAsync(TestHub, ann.Id, cancellationToken: Cancellation);

        Assert.Null(await ann.Closed.InTime());
    }

    [Fact]
    public async Task ClosingAConnectionThatIsGoneIsNoFailure()
    {
        await using var harness = await StartAsync();

        await harness.Service.CloseConnectionAsync(TestHub, "gone", "whatever", Cancellation);
    }

    [Fact]
    public async Task AllConnectionsAreClosedButTheExcluded()
    {
        await using var harness = await StartAsync();
        var (ann, bob) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("bob"));

        await harness.Service.CloseAllConnectionsAsync(TestHub, [bob.Id], "restart", Cancellation);

        Assert.Contains("restart", (await ann.Closed.InTime())!.Message, StringComparison.Ordinal);
        await harness.AssertNothingReachedAsync(bob);
    }

    [Fact]
    public async Task TheConnectionsOfAUserAreClosedButTheExcluded()
    {
        await using var harness = await StartAsync();
        var (one, kept, bob) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("ann"), await harness.ConnectAsync("bob"));

        await harness.Service.CloseUserConnectionsAsync(TestHub, "ann", [kept.Id], cancellationToken: Cancellation);

        await one.Closed.InTime();
        await harness.AssertNothingReachedAsync(kept);
        await harness.AssertNothingReachedAsync(bob);
    }

    [Fact]
    public async Task TheConnectionsOfAGroupAreClosed()
    {
        await using var harness = await StartAsync();
        var (ann, bob) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("bob"));
        await harness.Service.AddConnectionToGroupAsync(TestHub, ann.Id, "room", Cancellation);

        await harness.Service.CloseGroupConnectionsAsync(TestHub, "room", reason: "over", cancellationToken: Cancellation);

        await ann.Closed.InTime();
        await harness.AssertNothingReachedAsync(bob);
        Assert.False(await harness.Service.GroupExistsAsync(TestHub, "room", Cancellation));
    }

    [Fact]
    public async Task ConnectionsAndUsersExistWhileConnected()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann");

        Assert.True(await harness.Service.ConnectionExistsAsync(TestHub, ann.Id, Cancellation));
        Assert.True(await harness.Service.UserExistsAsync(TestHub, "ann", Cancellation));
        Assert.False(await harness.Service.ConnectionExistsAsync(TestHub, "unknown", Cancellation));
        Assert.False(await harness.Service.UserExistsAsync(TestHub, "bob", Cancellation));

        await harness.Service.CloseUserConnectionsAsync(TestHub, "ann", cancellationToken: Cancellation);

        Assert.False(await harness.Service.UserExistsAsync(TestHub, "ann", Cancellation));
    }
}
