using Presence.LocalHost.SignalR;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class TruthTests
{
    [Fact]
    public async Task AUserShownAsHereWithoutAConnectionIsFoundCountedAndPutRight()
    {
        var alice = "";
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
        await using var system = await Target.OwnAsync(
            parts, ("ConnectionCheckAfter", "1.00:00:00"), ("DisconnectGrace", "00:00:00"), ("TruthSample", "20"), ("TruthSchedule", "* * * * * *"));
        var (user, bob, _) = await ConnectionTests.PairAsync(system);
        alice = user.Id;
        await using var listener = await bob.ListenAsync();
        var tab = await user.ListenAsync();
        await listener.Inbox.MustHearAsync(user, "online");
        await Eventually.BecomesTrueAsync(async () => await TruthAsync(system, "right") > 0, "somebody is found as shown");
        Assert.Equal(0, await TruthAsync(system, "wrong"));

        await tab.DisposeAsync();
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await listener.Inbox.MustHearAsync(user, "offline");
        await Eventually.BecomesTrueAsync(async () => await TruthAsync(system, "wrong") == 1, "the user is counted as shown wrongly, once");
        Assert.InRange(await TruthAsync(system, "rate"), 1, 99.999);
        var metrics = (await system.Backend.GetAsync("metrics")).MustBeOk().Body;
        Assert.Contains("presence_truth_checks_total{shown=\"here\",outcome=\"wrong\"} 1\n", metrics, StringComparison.Ordinal);
    }

    private static async Task<double> TruthAsync(PresenceSystem system, string name) =>
        (await system.Backend.GetAsync("maintenance/stats")).Data.GetProperty("truth") is { ValueKind: System.Text.Json.JsonValueKind.Object } truth
            ? truth.GetProperty(name).GetDouble()
            : 0;
}
