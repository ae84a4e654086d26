using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public abstract class ConnectionTests(DeliveryMode mode) : DeliveryTests(mode)
{
    [Fact]
    public async Task ClosingOneOfTwoConnectionsIsNoNewsAndClosingBothIsOfflineAfterTheGrace()
    {
        await using var system = await OwnAsync(("DisconnectGrace", "00:00:01"));
        var (alice, bob, conversation) = await PairAsync(system);
        await using var listener = await bob.ListenAsync();
        var first = await alice.ListenAsync();
        await listener.Inbox.MustHearAsync(alice, "online");
        var second = await alice.ListenAsync();

        await first.DisposeAsync();
        await SweepsPassAsync(system, count: 3);
        await listener.MustHaveHeardNothingAsync(system, conversation);
        await second.DisposeAsync();

        await listener.Inbox.MustHearAsync(alice, "offline");
    }

    [Fact]
    public async Task AReloadWithinTheGraceIsNoNews()
    {
        await using var system = await OwnAsync(("DisconnectGrace", "00:00:03"));
        var (alice, bob, conversation) = await PairAsync(system);
        await using var listener = await bob.ListenAsync();
        var before = await alice.ListenAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        await before.DisposeAsync();
        await using var after = await alice.ListenAsync();
        await SweepsPassAsync(system, count: 5);

        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task WithoutGraceTheLastToCloseIsOfflineAtOnce()
    {
        await using var system = await OwnAsync(("DisconnectGrace", "00:00:00"), ("SweepSchedule", "0 0 0 1 1 *"));
        var (alice, bob, _) = await PairAsync(system);
        await using var listener = await bob.ListenAsync();
        var tab = await alice.ListenAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        await tab.DisposeAsync();

        await listener.Inbox.MustHearAsync(alice, "offline");
    }

    internal static async Task<(User Alice, User Bob, string Conversation)> PairAsync(PresenceSystem system)
    {
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, alice, bob);
        return (alice, bob, conversation);
    }

    internal static async Task SweepsPassAsync(PresenceSystem system, int count)
    {
        var seen = new HashSet<string>();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var last = (await system.Backend.GetAsync("maintenance/stats")).Data.GetProperty("lastSweep");
                return last.ValueKind != System.Text.Json.JsonValueKind.Null
                    && seen.Add(last.GetProperty("startedAt").GetString()!)
                    && seen.Count > count;
            },
            $"{count} sweeps");
    }
}

/// <summary>Where functions send by themselves.</summary>
public sealed class ConnectionTestsOverTheHub() : ConnectionTests(DeliveryMode.Hub);

/// <summary>Where the output binding does.</summary>
public sealed class ConnectionTestsByBinding() : ConnectionTests(DeliveryMode.Binding);
