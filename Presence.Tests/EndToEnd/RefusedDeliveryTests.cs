using System.Net;
using Azure.Data.Tables;
using Presence.LocalHost.SignalR;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>SignalR Service refuses for a while: nothing announced is lost, and nobody goes on hearing what is no longer theirs.</summary>
public class RefusedDeliveryTests
{
    [Fact]
    public async Task AMessageRefusedAtFirstIsSentByASweep()
    {
        var refusals = new Refusals(EmulatedOperation.Send);
        await using var system = await Target.OwnAsync(new() { Emulator = refusals.Emulator });
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();

        // One message tells when she was last active, one does not, and each is tried twice.
        await NothingIsOwedAsync(system);
        refusals.Next(4);
        await alice.ActAsync();
        Assert.True(refusals.AllTookPlace);

        await listener.Inbox.MustHearAsync(alice, "online");
        await NothingIsOwedAsync(system);
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task WhileAllIsRefusedCallsAreAnsweredAndAfterwardsEveryoneKnowsTheFinalState()
    {
        var refusals = new Refusals(EmulatedOperation.Send);
        await using var system = await Target.OwnAsync(new() { Emulator = refusals.Emulator });
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        var carol = system.NewUser("carol");
        await system.JoinAsync(conversation, carol);
        await using var listener = await bob.ListenAsync();

        await NothingIsOwedAsync(system);
        refusals.Next(int.MaxValue);
        await alice.ActAsync();
        await carol.ActAsync();
        await alice.SignOutAsync();
        refusals.Next(0);

        await EndsAsync(listener, (alice, "offline"), (carol, "online"));
        await NothingIsOwedAsync(system);
    }

    [Fact]
    public async Task AMemberWhoseRemovalWasRefusedAtFirstHearsNoMoreAfterASweep()
    {
        var refusals = new Refusals(EmulatedOperation.ExitGroup);
        await using var system = await Target.OwnAsync(new() { Emulator = refusals.Emulator });
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        var kept = Some.Conversation();
        await system.JoinAsync(kept, bob);
        await using var listener = await bob.ListenAsync();

        refusals.Next(2);
        await system.LeaveAsync(conversation, bob);
        await NothingIsOwedAsync(system);
        await alice.ActAsync();

        await listener.MustHaveHeardNothingAsync(system, kept);
    }

    [Fact]
    public async Task AConnectionThatCannotBeWelcomedIsClosedSoThatItsClientComesAgain()
    {
        var refusals = new Refusals(EmulatedOperation.EnterGroup);
        await using var system = await Target.OwnAsync(new() { Emulator = refusals.Emulator });
        var (alice, bob, _) = await ConnectionTests.PairAsync(system);
        refusals.Next(2);

        var grant = (await bob.Caller.PostAsync("api/negotiate")).MustBeOk().Json;
        var ended = await Reconnecting.ConnectUntilClosedAsync(grant);
        await ended.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");
        await NothingIsOwedAsync(system);
    }

    /// <summary>Hears until each of these was the last that was heard of its user, dropping what is not newer, as clients do.</summary>
    private static async Task EndsAsync(Listener listener, params (User User, string Status)[] expected)
    {
        var known = new Dictionary<string, (long Version, string Status)>();
        while (expected.Any(e => known.GetValueOrDefault(e.User.Id).Status != e.Status))
        {
            var heard = await listener.Inbox.StatusAsync();
            var (id, version) = (heard.GetProperty("userId").GetString()!, heard.GetProperty("version").GetInt64());
            if (version > known.GetValueOrDefault(id).Version)
            {
                known[id] = (version, heard.GetProperty("status").GetString()!);
            }
        }
    }

    /// <summary>
    /// What is owed for a connection is the news that its user is here, too, which may go out after the snapshot: were that refused, the connection
    /// would be closed. So a test that refuses messages waits for this first.
    /// </summary>
    private static Task NothingIsOwedAsync(PresenceSystem system)
    {
        var table = new TableClient(system.Host.StorageConnectionString, system.Table);
        return Eventually.BecomesTrueAsync(
            async () => !await table.QueryAsync<TableEntity>("RowKey ge 'oo:' and RowKey lt 'oo;'", cancellationToken: TestContext.Current.CancellationToken)
                .AnyAsync(TestContext.Current.CancellationToken),
            "nothing is owed");
    }

    /// <summary>Refuses the next calls of one kind.</summary>
    private sealed class Refusals
    {
        private int _left;

        public Refusals(EmulatedOperation operation) => Emulator = new()
        {
            Faults = call => call.Operation == operation && Interlocked.Decrement(ref _left) >= 0
                ? EmulatedFault.Refused(HttpStatusCode.ServiceUnavailable)
                : null,
        };

        public SignalREmulatorOptions Emulator { get; }

        public bool AllTookPlace => Volatile.Read(ref _left) <= 0;

        public void Next(int calls) => Volatile.Write(ref _left, calls);
    }
}
