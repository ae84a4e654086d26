using Presence.LocalHost.SignalR;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class SilentConnectionTests
{
    [Fact]
    public async Task WhoIsConnectedWithoutActivityTurnsAwayAndNotOffline()
    {
        await using var system = await Target.OwnAsync(settings: [("OfflineAfter", "00:00:02"), ("AwayAfter", "00:00:02")]);
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await using var tab = await alice.ListenAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        await listener.Inbox.MustHearAsync(alice, "away");
        await ConnectionTests.SweepsPassAsync(system, count: 4);
        await listener.MustHaveHeardNothingAsync(system, conversation);

        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");
    }

    [Fact]
    public async Task AConnectionWhoseEndNobodyToldIsFoundByTheCheck()
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var alice = "";
        var parts = new LocalParts
        {
            Emulator = new()
            {
                Faults = call =>
                {
                    var loses = call.Operation == EmulatedOperation.Disconnected && call.UserId == alice;
                    _ = loses && lost.TrySetResult();
                    return loses ? EmulatedFault.Lost : null;
                },
            },
        };
        await using var system = await Target.OwnAsync(parts, ("ConnectionCheckAfter", "00:00:02"), ("DisconnectGrace", "00:00:00"));
        var (user, bob, conversation) = await ConnectionTests.PairAsync(system);
        alice = user.Id;
        await using var listener = await bob.ListenAsync();
        var tab = await user.ListenAsync();
        await listener.Inbox.MustHearAsync(user, "online");

        await tab.DisposeAsync();
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await listener.Inbox.MustHearAsync(user, "offline");

        // Bob's connection has been asked for as well, and stands.
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task AClientThatIsKilledEndsOffline()
    {
        await using var system = await Target.OwnAsync(settings: ("DisconnectGrace", "00:00:01"));
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await using var browser = await JavaScriptClient.ConnectAsync(alice);
        await listener.Inbox.MustHearAsync(alice, "online");

        await browser.KillAsync();

        await listener.Inbox.MustHearAsync(alice, "offline");
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }
}
