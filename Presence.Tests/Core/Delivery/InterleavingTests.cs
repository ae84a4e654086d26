using Presence.Core.Domain;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

/// <summary>
/// Whatever happens at once, and in whatever order the steps of it, in the end exactly those connections hear a conversation whose user the
/// record says is in it, and each of them has been told who is there since it began to hear it; and the rosters say what the record says.
/// </summary>
public sealed class InterleavingTests
{
    private const string Group = "conversation:" + Conversation;
    private const string Lobby = "conversation:lobby";

    /// <summary>For a longer look: so many interruptions more.</summary>
    private static int Further => int.TryParse(Environment.GetEnvironmentVariable("PRESENCE_FURTHER"), out var further) ? further : 0;

    private static int Most => 600 * (1 + (Further * 20));

    public static TheoryData<string, bool> Pairs
    {
        get
        {
            string[] operations = ["put", "remove", "connect", "disconnect", "sign out"];
            var pairs = new TheoryData<string, bool>();
            for (var i = 0; i < operations.Length; i++)
            {
                foreach (var other in operations[i..])
                {
                    pairs.Add($"{operations[i]}+{other}", false);
                    pairs.Add($"{operations[i]}+{other}", true);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task TwoAtOnceEndAsTheRecordSays(string operations, bool isMember) => await ExploreAsync(operations, isMember, interruptions: 3);

    [Theory]
    [InlineData("put+remove+connect", false)]
    [InlineData("put+remove+connect", true)]
    [InlineData("put+remove+put", false)]
    [InlineData("remove+put+remove", true)]
    [InlineData("connect+remove+connect", true)]
    [InlineData("put+disconnect+connect", false)]
    public async Task ThreeAtOnceEndAsTheRecordSays(string operations, bool isMember) => await ExploreAsync(operations, isMember, interruptions: 2);

    private static async Task ExploreAsync(string operations, bool isMember, int interruptions)
    {
        var connections = 1;
        List<Func<Instance, Task>> calls = [.. operations.Split('+').Select(operation => Call(operation, $"c{++connections}"))];

        var runs = await Interleavings.ExploreAsync(run => BeforeAsync(run, isMember), calls, CheckAsync, interruptions + Further, Most);

        TestContext.Current.SendDiagnosticMessage($"{operations}: {runs} schedules");
        Assert.True(runs > 1);
    }

    private static Func<Instance, Task> Call(string operation, string connection) => operation switch
    {
        "put" => instance => instance.ApplyAsync(Alice, new Joined(Conversation)),
        "remove" => instance => instance.ApplyAsync(Alice, new Left(Conversation)),
        "disconnect" => instance =>
        {
            instance.Realtime.Loses(Connection);
            return instance.ApplyAsync(Alice, new Disconnected(Connection));
        },
        "sign out" => instance => instance.ApplyAsync(Alice, new SignedOut()),
        _ => instance =>
        {
            instance.Realtime.Has(connection, Alice);
            return instance.ApplyAsync(Alice, new Connected(connection));
        },
    };

    /// <summary>One connection that hears what it should.</summary>
    private static async Task BeforeAsync(Interleavings run, bool isMember)
    {
        await using var instance = run.Create();
        run.Realtime.Has(Connection, Alice);
        await instance.ApplyAsync(Alice, new Connected(Connection));
        if (isMember)
        {
            await instance.ApplyAsync(Alice, new Joined(Conversation));
        }
    }

    private static async Task CheckAsync(Interleavings run, string schedule)
    {
        Assert.True(run.Store.Duties.Count == 0, $"{schedule}: still owed: {string.Join(", ", run.Store.Duties)}");
        var records = (await run.Store.LoadAsync(Alice, TestContext.Current.CancellationToken)).Records;
        foreach (var conversation in new[] { Conversation, "lobby" })
        {
            var named = await run.Store.RosterAsync(conversation, TestContext.Current.CancellationToken).Select(m => m.View).ToListAsync(TestContext.Current.CancellationToken);
            Assert.True(
                records.Rosters.Contains(conversation) ? named is [var only] && only == records.ViewOf(Alice) with { LastActiveAt = only.LastActiveAt } : named.Count == 0,
                $"{schedule}: the roster of {conversation} says {string.Join(", ", named)}");
        }

        foreach (var connection in new[] { "c1", "c2", "c3", "c4" })
        {
            var isHere = records.Connections.IsOpen(connection);
            Assert.True(!isHere || !run.Realtime.Closed.Contains(connection), $"{schedule}: {connection} was closed");
            foreach (var (conversation, group) in new[] { (Conversation, Group), ("lobby", Lobby) })
            {
                var should = isHere && records.Rosters.Contains(conversation);
                Assert.True(
                    should == run.Realtime.IsIn(connection, group), $"{schedule}: {connection} is {(should ? "not " : "")}in {group}");
                Assert.True(
                    !should || run.Realtime.Sent.Any(m => m.Connection == connection && ((Snapshot)m.Argument).Conversations.Any(c => c.ConversationId == conversation)),
                    $"{schedule}: {connection} was not told of {conversation}");
            }
        }
    }
}
