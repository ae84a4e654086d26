using System.Collections.Concurrent;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Engine;

/// <summary>The specification, under random events of many instances at once. A failure names its seed.</summary>
public sealed class PresenceProperties(AzuriteFixture azurite) : TableTests(azurite)
{
    private const int Runs = 60;
    private const int Rounds = 20;

    [Fact]
    public async Task PresenceHoldsWhateverHappensAtOnce()
    {
        var first = Random.Shared.Next(1_000_000);
        for (var seed = first; seed < first + Runs; seed++)
        {
            await HoldsAsync(seed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task PresenceHoldsForTheseSeeds(int seed) => HoldsAsync(seed);

    [Fact]
    public async Task PresenceHoldsInTableStorage()
    {
        var seed = Random.Shared.Next(1_000_000);
        Instance[] instances = [Create(), Create(), Create()];
        var storm = new EventStorm(seed, Clock, instances, Users(4));
        for (var round = 0; round < 6; round++)
        {
            await storm.RoundAsync(calls: 24);
            AssertNobodyConnectedWasSweptOffline(storm, seed);
        }

        await storm.EndAsync();

        AssertAnnouncedOnceAndInTurn(storm, seed);
        foreach (var user in Users(4))
        {
            Assert.True((await instances[1].ViewAsync(user)).Status == PresenceStatus.Offline, $"seed {seed}: {user} is still here");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoRequestBegunBeforeSignOutBringsTheUserBack(bool wasSeen)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var clock = Some.Clock();
            var store = new InMemoryPresenceStore { OnLoad = Jitter(seed), OnCommit = _ => Jitter(seed)(Alice) };
            await using var one = Instance.OverMemory(store, clock);
            await using var two = Instance.OverMemory(store, clock);
            if (wasSeen)
            {
                await one.ApplyAsync(Alice, new Connected(Connection));
                clock.Advance(Seconds(100));
            }

            var began = clock.GetUtcNow();
            clock.Advance(Seconds(0.001));
            await Task.WhenAll(
                [
                    .. Enumerable.Range(0, 6).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).Recorder.RecordAsync(Alice, began).AsTask())),
                    Task.Run(() => two.ApplyAsync(Alice, new SignedOut())),
                ]);

            Assert.True((await one.ViewAsync(Alice)).Status == PresenceStatus.Offline, $"seed {seed}");
        }
    }

    private static async Task HoldsAsync(int seed)
    {
        var clock = Some.Clock();
        var random = new Random(seed);
        var options = new Action<PresenceOptions>(o => o.DisconnectGrace = Seconds(seed % 2 * 10));
        var jitter = Jitter(seed);
        var store = new InMemoryPresenceStore { OnLoad = jitter, OnCommit = stored => jitter(stored.User) };
        var history = new Dictionary<PresenceKey, List<(UserRecords Before, UserRecords After, DateTimeOffset At)>>();
        store.Applied = (before, after) =>
        {
            if (!history.TryGetValue(before.User, out var commits))
            {
                history[before.User] = commits = [];
            }

            commits.Add((before.Records, after, clock.GetUtcNow()));
        };
        var users = Users(random.Next(1, 5));
        var instances = Enumerable.Range(0, random.Next(2, 5)).Select(_ => Instance.OverMemory(store, clock, options)).ToList();
        var storm = new EventStorm(seed, clock, instances, users);
        for (var round = 0; round < Rounds; round++)
        {
            await storm.RoundAsync(calls: random.Next(1, 12));
            AssertNobodyConnectedWasSweptOffline(storm, seed);
        }

        await storm.EndAsync();

        AssertAnnouncedOnceAndInTurn(storm, seed);
        foreach (var (user, commits) in history)
        {
            AssertRecordedOncePerWindow(user, commits, seed);
            AssertEveryChangeWasAnnounced(user, commits, storm, seed);
            var view = await instances[0].ViewAsync(user);
            Assert.True(view.Status == PresenceStatus.Offline, $"seed {seed}: {user} is still here");
            var lastActive = commits.Select(c => c.After.Online?.LastActiveAt).Max();
            Assert.True(view.LastSeenAt == lastActive, $"seed {seed}: {user} was seen at {view.LastSeenAt}, active at {lastActive}");
        }
    }

    /// <summary>A write that only moves the last activity of somebody plainly online, and does so within the window, should not be.</summary>
    private static void AssertRecordedOncePerWindow(
        PresenceKey user, List<(UserRecords Before, UserRecords After, DateTimeOffset At)> commits, int seed)
    {
        foreach (var (before, after, at) in commits)
        {
            if (before.Online is { Status: PresenceStatus.Online, LastClosedAt: null } was
                && after.Online is { } became
                && became.LastActiveAt > was.LastActiveAt
                && became.Connections.Open.Length == was.Connections.Open.Length)
            {
                var gap = became.LastActiveAt - was.LastActiveAt;
                Assert.True(gap >= Settings().ThrottleWindow, $"seed {seed}: {user} was recorded after {gap} at {at}");
            }
        }
    }

    private static void AssertEveryChangeWasAnnounced(
        PresenceKey user, List<(UserRecords Before, UserRecords After, DateTimeOffset At)> commits, EventStorm storm, int seed)
    {
        var changes = commits.Where(c => c.Before.Status != c.After.Status).Select(c => (c.After.ViewOf(user).Version, c.After.Status)).ToList();
        var announced = storm.Announced.Where(t => t.User == user).Select(t => (t.View.Version, t.View.Status)).Order().ToList();
        Assert.True(changes.SequenceEqual(announced), $"seed {seed}: of {user} changed {Text(changes)} and announced {Text(announced)}");
    }

    private static void AssertAnnouncedOnceAndInTurn(EventStorm storm, int seed)
    {
        foreach (var user in storm.Announced.GroupBy(t => t.User))
        {
            var views = user.Select(t => t.View).OrderBy(v => v.Version).ToList();
            var inTurn = views[0].Status == PresenceStatus.Online
                && views.Zip(views.Skip(1)).All(p => p.First.Version < p.Second.Version && p.First.Status != p.Second.Status);
            Assert.True(inTurn, $"seed {seed}: {user.Key} was announced as {Text(views.Select(v => (v.Version, v.Status)))}");
        }
    }

    private static void AssertNobodyConnectedWasSweptOffline(EventStorm storm, int seed)
    {
        var wrong = storm.Swept.Where(t => t.View.Status == PresenceStatus.Offline && storm.Connected.Contains(t.User)).ToList();
        Assert.True(wrong.Count == 0, $"seed {seed}: swept offline though connected: {string.Join(", ", wrong.Select(t => t.User))}");
    }

    /// <summary>Lets others go first, more or less often.</summary>
    private static Func<PresenceKey, Task> Jitter(int seed)
    {
        var random = new Random(seed);
        var yields = new ConcurrentQueue<int>(Enumerable.Range(0, 256).Select(_ => random.Next(4)));
        return async _ =>
        {
            if (yields.TryDequeue(out var count))
            {
                yields.Enqueue(count);
                for (var i = 0; i < count; i++)
                {
                    await Task.Yield();
                }
            }
        };
    }

    private static string Text(IEnumerable<(long Version, PresenceStatus Status)> changes) =>
        string.Join(" ", changes.Select(c => $"{c.Version}:{c.Status}"));
}
