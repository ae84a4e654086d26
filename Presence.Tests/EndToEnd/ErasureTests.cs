using System.Net;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core.Sweep;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class ErasureTests
{
    [Fact]
    public async Task NothingInTheTableNamesTheUserAndOthersAreToldOfItsLeaving()
    {
        await using var system = await Target.OwnAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await system.JoinAsync(Some.Conversation(), alice);
        await system.AllowAsync(bob, alice);
        await using var listener = await bob.ListenAsync(alice);
        await using var tab = await alice.ListenAsync();
        await using var other = await alice.ListenAsync();
        await HearsOnlineAsync(listener, alice);

        var answer = (await EraseAsync(system, alice.Id)).Data;

        Assert.Equal(["userId", "removedRows", "revokedSessions", "wasOnline"], answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal((alice.Id, 5, 0, true), (
            answer.GetProperty("userId").GetString(),
            answer.GetProperty("removedRows").GetInt32(),
            answer.GetProperty("revokedSessions").GetInt32(),
            answer.GetProperty("wasOnline").GetBoolean()));
        await listener.Inbox.MustHearAsync(alice, "offline");
        await Task.WhenAll(tab.Closed, other.Closed);
        await system.CleanUpAsync();
        await AssertNoTraceAsync(system, alice.Id);
        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
        Assert.Equal(1, (await StatsAsync(system)).GetProperty("totalUsers").GetInt32());
    }

    [Theory]
    [InlineData("a/b\\c#d?e%f g+h&i=j")]
    [InlineData("tab\tand\u0001control\u0085")]
    [InlineData("😀 ünï|'\"")]
    public async Task AnIdOfOddCharactersLeavesNoTrace(string id)
    {
        await using var system = await Target.OwnAsync();
        var odd = system.UserOf($"{id}{Guid.NewGuid():N}");
        await system.JoinAsync(Some.Conversation(), odd);
        await odd.ActAsync();

        Assert.Equal(odd.Id, (await EraseAsync(system, odd.Id)).Text("userId"));

        await AssertNoTraceAsync(system, odd.Id);
        Assert.Equal(0, (await StatsAsync(system)).GetProperty("totalUsers").GetInt32());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a%2Fb")]
    [InlineData("a,b")]
    public async Task AnIdThatNoPathCarriesIsErasedByQuery(string id)
    {
        await using var system = await Target.OwnAsync();
        await system.UserOf(id).ActAsync();
        var bystander = system.UserOf(Uri.UnescapeDataString(id) + "!");
        await bystander.ActAsync();

        var answer = await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users?userId={Uri.EscapeDataString(id)}");

        Assert.Equal((id, true), (answer.Text("userId"), answer.Data.GetProperty("wasOnline").GetBoolean()));
        Assert.Equal(1, (await StatsAsync(system)).GetProperty("totalUsers").GetInt32());
        Assert.Equal(1, (await StatsAsync(system)).GetProperty("onlineUsers").GetInt32());
    }

    [Fact]
    public async Task AGuestIsErasedWithItsSessions()
    {
        await using var system = await Target.OwnAsync();
        var guest = await system.NewGuestAsync("guest");
        await system.JoinAsync(Some.Conversation(), guest);
        await guest.ActAsync();

        var answer = (await EraseAsync(system, guest.Id)).Data;

        Assert.Equal(1, answer.GetProperty("revokedSessions").GetInt32());
        await AssertNoTraceAsync(system, guest.Id["anon:".Length..]);
        (await guest.Caller.PostAsync("api/activity")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");
        await AssertNoTraceAsync(system, guest.Id["anon:".Length..]);
    }

    [Fact]
    public async Task ARepeatAndAnUnknownUserSayThatNothingWasThere()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await EraseAsync(system, alice.Id);

        foreach (var id in new[] { alice.Id, "nobody", "anon:nobody" })
        {
            var answer = (await EraseAsync(system, id)).Data;
            Assert.Equal((0, 0, false), (
                answer.GetProperty("removedRows").GetInt32(),
                answer.GetProperty("revokedSessions").GetInt32(),
                answer.GetProperty("wasOnline").GetBoolean()));
        }
    }

    [Fact]
    public async Task LaterConnectionsOfTheUserAreInNoneOfItsGroups()
    {
        await using var system = await Target.OwnAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using (await alice.ListenAsync())
        {
            // Joined while connected: the service remembers this group for the user itself.
            var second = Some.Conversation();
            await system.JoinAsync(second, alice);
            await EraseAsync(system, alice.Id);
            var later = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2);
            await using var back = await system.SignedInAt(alice, later).ListenAsync();
            await bob.ActAsync();
            await system.JoinAsync(second, bob);
            var mark = Some.Conversation();
            await system.JoinAsync(mark, alice);
            await back.MustHaveHeardNothingAsync(system, mark);
        }
    }

    [Fact]
    public async Task StorageLostHalfWayIs503AndARepeatFinishes()
    {
        Target.SkipElsewhere("loses the storage");
        var writes = new LostWrites();

        // Which write is lost must not depend on when a timer writes: neither sweeps nor the census run by themselves.
        await using var system = await Target.OwnAsync(
            new() { Services = writes.AddTo }, ("SweepSchedule", "0 0 0 1 1 *"), ("CensusSchedule", "0 0 0 1 1 *"));
        var (alice, bob, _) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        // The first write takes the user offline, for nothing is owed any more; the one that forgets it never arrives.
        await Eventually.BecomesTrueAsync(
            async () => !(await ValuesAsync(system)).Exists(v => v.StartsWith("oo:", StringComparison.Ordinal)), "nothing is owed");
        writes.LoseAfter(1);
        var failed = await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{alice.Id}");
        failed.MustBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");
        await listener.Inbox.MustHearAsync(alice, "offline");
        writes.LoseAfter(int.MaxValue);
        await EraseAsync(system, alice.Id);

        // That the offline was told could not be crossed out: a sweep tells it again, and does.
        var sweep = system.Host.Services.GetRequiredService<PresenceSweep>();
        await Eventually.BecomesTrueAsync(
            async () => (await sweep.RunAsync(TestContext.Current.CancellationToken)).Duties > 0, "a sweep finds what is left");
        await AssertNoTraceAsync(system, alice.Id);
        Assert.Equal(1, (await StatsAsync(system)).GetProperty("totalUsers").GetInt32());
    }

    [Fact]
    public async Task ABadIdIsRefusedByTheNameOfItsField()
    {
        var system = await Target.AnyAsync();

        foreach (var id in new[] { new string('a', 129), "anon:", "anon:anon:a" })
        {
            (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{id}")).MustRefuse("userId");
        }

        (await system.Backend.SendAsync(HttpMethod.Delete, "maintenance/users")).MustRefuse("userId");
        (await system.Backend.SendAsync(HttpMethod.Delete, "maintenance/users?userId=a&userId=b")).MustRefuse("userId");
        (await system.Backend.SendAsync(
            HttpMethod.Delete, "maintenance/users/a", new StringContent("{\"force\":true}", Encoding.UTF8, "application/json"))).MustRefuse("force");
    }

    private static async Task<Answer> EraseAsync(PresenceSystem system, string id) =>
        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users?userId={Uri.EscapeDataString(id)}")).MustBeOk();

    /// <summary>Of a conversation in common and of the user itself: the same news twice.</summary>
    private static async Task HearsOnlineAsync(Listener listener, User user)
    {
        await listener.Inbox.MustHearAsync(user, "online");
        await listener.Inbox.MustHearAsync(user, "online");
    }

    private static async Task<System.Text.Json.JsonElement> StatsAsync(PresenceSystem system) =>
        (await system.Backend.GetAsync("maintenance/stats")).Data;

    /// <summary>
    /// Looks at every key and value of every row, for the id as it is and as keys write it. That a connection was welcomed just before is crossed out
    /// within a second.
    /// </summary>
    internal static async Task AssertNoTraceAsync(PresenceSystem system, string id)
    {
        List<string> named = [];
        try
        {
            await Eventually.BecomesTrueAsync(
                async () => (named = (await ValuesAsync(system)).FindAll(
                    v => v.Contains(id, StringComparison.Ordinal) || v.Contains(KeyEscape.Escape(id), StringComparison.Ordinal))).Count == 0,
                "nothing names the user");
        }
        finally
        {
            Assert.Empty(named);
        }
    }

    private static async Task<List<string>> ValuesAsync(PresenceSystem system)
    {
        var table = new TableClient(system.Host.StorageConnectionString, system.Table);
        var values = await table.QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
            // What tells the application to erase the user, too, holds the id, and nothing else.
            .Where(row => !row.IsOfErasure())
            .SelectMany(row => row.Select(p => $"{row.RowKey}: {p.Key}={p.Value}").ToAsyncEnumerable())
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(values);
        return values;
    }

    /// <summary>A way to storage that breaks after some writes.</summary>
    private sealed class LostWrites : HttpPipelinePolicy
    {
        private int _left = int.MaxValue;

        public void LoseAfter(int writes) => _left = writes;

        public void AddTo(IServiceCollection services) =>
            services.Configure<StorageClientOptions>(o => o.Configure = client => client.AddPolicy(this, HttpPipelinePosition.PerRetry));

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            FaultyTransport.IsWrite(message.Request) && !IsReport(message.Request) && Interlocked.Decrement(ref _left) < 0
                ? throw FaultyTransport.Lost()
                : ProcessNextAsync(message, pipeline);

        /// <summary>An instance's own counts, written once a second.</summary>
        private static bool IsReport(Request request) => request.Uri.Path.Contains("in%3A", StringComparison.OrdinalIgnoreCase);
    }
}
