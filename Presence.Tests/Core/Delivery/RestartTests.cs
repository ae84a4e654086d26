using Presence.Core.Domain;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

/// <summary>SignalR Service restarts: everybody's connection closes at once, and everybody comes back.</summary>
public sealed class RestartTests(ITestOutputHelper output)
{
    private const int Connected = 5_000;
    private const int Rooms = 100;

    [Fact]
    public async Task FiveThousandComeBackWithinTheGraceAndThatIsNoNews()
    {
        var (clock, store, realtime) = (Clock(), new InMemoryPresenceStore(shardCount: 16), new FakeRealtimeService());
        await using var one = Instance.OverMemory(store, clock, o => o.DefaultConversation = "", realtime);
        await using var two = Instance.OverMemory(store, clock, o => o.DefaultConversation = "", realtime);
        Instance[] instances = [one, two];
        var random = new Random(1);
        var users = Users(Connected);
        foreach (var user in users)
        {
            await Any().ApplyAsync(user, new Joined(RoomOf(user)));
            await ConnectAsync(user, "old");
        }

        clock.Advance(Seconds(60));
        realtime.Sent.Clear();
        var (requests, scans, calls) = (store.Requests + store.CrossOuts, store.Scans, realtime.Calls);

        // Whose event comes first is chance: a client may be back before the service has told of its old connection.
        foreach (var user in users)
        {
            realtime.Loses($"old-{user.Id}");
        }

        foreach (var half in users.OrderBy(_ => random.Next()).Chunk(Connected / 2))
        {
            await Task.WhenAll(half.Select(user => random.Next(10) == 0
                ? Task.WhenAll(ConnectAsync(user, "new"), DisconnectAsync(user))
                : BackAsync(user)));
            clock.Advance(Seconds(4));
        }

        var (requestsEach, scansEach) = ((store.Requests + store.CrossOuts - requests) / (double)Connected, (store.Scans - scans) / (double)Connected);
        output.WriteLine($"{requestsEach:0.00} requests and {scansEach:0.00} rosters read for each; {(realtime.Calls - calls) / (double)Connected:0.00} calls of the service");
        clock.Advance(Seconds(20));
        await one.Sweep.RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(realtime.Told);
        Assert.InRange(requestsEach, 3, 6.5);
        Assert.InRange(scansEach, 0, 1);
        foreach (var user in users)
        {
            Assert.Equal(PresenceStatus.Online, (await one.ViewAsync(user)).Status);
            Assert.True(realtime.IsIn($"new-{user.Id}", GroupName.Conversation(RoomOf(user))), user.Id);
        }

        var told = realtime.Sent.Where(m => m.Connection is not null).Select(m => m.Connection).ToHashSet();
        Assert.Equal(Connected, told.Count);

        Instance Any() => instances[random.Next(2)];

        async Task ConnectAsync(PresenceKey user, string kind)
        {
            realtime.Has($"{kind}-{user.Id}", user);
            await Any().ApplyAsync(user, new PresenceEvent.Connected($"{kind}-{user.Id}", clock.GetUtcNow()));
        }

        async Task DisconnectAsync(PresenceKey user) => await Any().ApplyAsync(user, new Disconnected($"old-{user.Id}"));

        async Task BackAsync(PresenceKey user)
        {
            await DisconnectAsync(user);
            await ConnectAsync(user, "new");
        }
    }

    private static string RoomOf(PresenceKey user) => $"room-{int.Parse(user.Id[(user.Id.IndexOf('-', StringComparison.Ordinal) + 1)..]) % Rooms}";
}
