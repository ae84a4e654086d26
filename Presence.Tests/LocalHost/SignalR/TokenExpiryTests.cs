using System.Globalization;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Time.Testing;
using Presence.LocalHost.SignalR;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class TokenExpiryTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // Whole seconds, as tokens know no others.
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task AConnectionThatIsToEndWithItsTokenEndsWithIt()
    {
        await using var harness = await CreateAsync(closes: true);
        var ann = await harness.ConnectAsync("ann");
        var id = ann.Id;

        _time.Advance(Lifetime - TimeSpan.FromSeconds(1));
        await harness.AssertNothingReachedAsync(ann);
        _time.Advance(TimeSpan.FromSeconds(1));

        await ann.Closed.InTime();
        Assert.False(await harness.Service.ConnectionExistsAsync(TestHub, id, TestContext.Current.CancellationToken));
        Assert.Equal((id, "disconnected"), await NextEventAsync(harness));
    }

    [Fact]
    public async Task WithoutTheClaimAConnectionOutlivesItsToken()
    {
        await using var harness = await CreateAsync(closes: false);
        var ann = await harness.ConnectAsync("ann");

        _time.Advance(Lifetime * 10);

        await harness.AssertNothingReachedAsync(ann);
    }

    [Fact]
    public async Task AClientClosedForItsTokenIsToldThatItMayReconnect()
    {
        await using var harness = await CreateAsync(closes: true);
        using var socket = await LostClientTests.ConnectRawAsync(
            harness, harness.Service.Negotiate(TestHub, "ann", lifetime: Lifetime, closeOnAuthenticationExpiration: true));
        Assert.Equal("connected", (await NextEventAsync(harness)).Event);

        _time.Advance(Lifetime);

        Assert.Contains("\"allowReconnect\":true", await LostClientTests.ReadUntilCloseAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALongPollEndsAtItsTokensExpiryToo()
    {
        await using var harness = await CreateAsync(closes: true);
        var ann = await harness.ConnectAsync("ann", transport: HttpTransportType.LongPolling);

        _time.Advance(Lifetime);

        await ann.Closed.InTime();
    }

    [Fact]
    public async Task AnExpiryBeyondAllTimeIsNoneAtAll()
    {
        await using var harness = await CreateAsync(closes: false);
        harness.Application.Negotiation = (service, hub, user) => service.Negotiate(
            hub, user,
            [
                new(SignalRClaims.CloseOnAuthenticationExpiration, "true"),
                new(SignalRClaims.AuthenticationExpiresOn, long.MaxValue.ToString(CultureInfo.InvariantCulture)),
            ]);
        var ann = await harness.ConnectAsync("ann");

        _time.Advance(TimeSpan.FromDays(400));

        await harness.AssertNothingReachedAsync(ann);
    }

    private static async Task<(string ConnectionId, string Event)> NextEventAsync(EmulatorHarness harness)
    {
        var next = await harness.Application.Events.NextAsync();
        return (next.ConnectionId, next.Event);
    }

    private async Task<EmulatorHarness> CreateAsync(bool closes)
    {
        var harness = await StartAsync(new() { TimeProvider = _time });
        harness.Application.Negotiation = (service, hub, user) =>
            service.Negotiate(hub, user, lifetime: Lifetime, closeOnAuthenticationExpiration: closes);
        return harness;
    }
}
