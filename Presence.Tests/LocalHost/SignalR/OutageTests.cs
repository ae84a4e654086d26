using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Time.Testing;
using Presence.LocalHost.SignalR;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class OutageTests
{
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhileItLastsClientsAreCutOffAndEverythingIsRefusedAndThenItEndsByItself()
    {
        await using var harness = await StartAsync(new() { TimeProvider = _time });
        var ann = await harness.ConnectAsync("ann");

        harness.Emulator.Refuse(AWhile);

        await ann.Closed.InTime();
        Assert.Equal("disconnected", (await harness.Application.Events.NextAsync()).Event);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Assert.ThrowsAsync<SignalRServiceException>(() => SendAsync(harness))).StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => harness.ConnectUnheardAsync("bob"));

        _time.Advance(AWhile);
        await SendAsync(harness);
        await harness.ConnectAsync("bob");
    }

    [Fact]
    public async Task ItCanBeEnded()
    {
        await using var harness = await StartAsync(new() { TimeProvider = _time });

        harness.Emulator.Refuse(AWhile);
        harness.Emulator.Refuse(TimeSpan.Zero);

        await SendAsync(harness);
    }

    [Theory, InlineData(HttpTransportType.WebSockets), InlineData(HttpTransportType.ServerSentEvents)]
    public async Task AConnectionThatIsCutEndsAtOnceAndTheOthersStay(HttpTransportType transport)
    {
        await using var harness = await StartAsync();
        var (ann, bob) = (await harness.ConnectAsync("ann", transport: transport), await harness.ConnectAsync("bob"));
        var id = ann.Id;

        Assert.True(harness.Emulator.Cut(id));

        await ann.Closed.InTime();
        var last = await harness.Application.Events.NextAsync();
        Assert.Equal((id, "disconnected"), (last.ConnectionId, last.Event));
        Assert.False(harness.Emulator.Cut(id));
        await harness.AssertNothingReachedAsync(bob);
    }

    private static Task SendAsync(EmulatorHarness harness) => harness.Service.SendToUserAsync(TestHub, "ann", TestClient.News, ["hello"], Cancellation);
}
