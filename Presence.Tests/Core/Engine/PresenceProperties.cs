using System.Collections.Concurrent;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.TableStorage;
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
        var realtime = new FakeRealtimeService();
        Instance[] instances = [.. Enumerable.Range(0, 3).Select(_ => Create(realtime: realtime))];
        var storm = new EventStorm(seed, Clock, realtime, instances, Users(4));
        for (var round = 0; round < 6; round++)
        {
            await storm.RoundAsync(calls: 24);
            AssertNobodyConnectedWasSweptOffline(storm, seed);
        }

        await storm.EndAsync();

        AssertToldOnce(realtime, seed);
        foreach (var user in Users(4))
        {
            var view = await instances[1].ViewAsync(user);
            Assert.True(view.Status == PresenceStatus.Offline, $"seed {seed}: {user} is still here");
            Assert.True(LastTold(realtime, user) is not { } told || told == view, $"seed {seed}: of {user} was told last {LastTold(realtime, user)}");
        }

        Assert.DoesNotContain(
            await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation).Select(r => r.RowKey).ToListAsync(Cancellation),
            key => key.StartsWith(TableKeys.DutyPrefix, StringComparison.Ordinal));
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
        var realtime = new FakeRealtimeService();
        var instances = Enumerable.Range(0, random.Next(2, 5)).Select(_ => Instance.OverMemory(store, clock, options, realtime)).ToList();
        var storm = new EventStorm(seed, clock, realtime, instances, users);
        for (var round = 0; round < Rounds; round++)
        {
            await storm.RoundAsync(calls: random.Next(1, 12));
            AssertNobodyConnectedWasSweptOffline(storm, seed);
        }

        await storm.EndAsync();

        AssertToldOnce(realtime, seed);
        Assert.True(store.Duties.Count == 0, $"seed {seed}: still owed: {string.Join(", ", store.Duties)}");
        foreach (var (user, commits) in history)
        {
            AssertRecordedOncePerWindow(user, commits, seed);
            AssertEveryChangeWasTold(user, commits, realtime, seed);
            var view = await instances[0].ViewAsync(user);
            Assert.True(view.Status == PresenceStatus.Offline, $"seed {seed}: {user} is still here");
            var lastActive = commits.Select(c => c.After.Online?.LastActiveAt ?? c.After.Profile?.LastSeenAt).Max();
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
                && became.RecordedAt != was.RecordedAt)
            {
                var gap = became.RecordedAt - was.RecordedAt;
                Assert.True(gap >= Settings().ThrottleWindow, $"seed {seed}: {user} was recorded after {gap} at {at}");
            }
        }
    }

    /// <summary>Of changes that fell together only the last need be told.</summary>
    private static void AssertEveryChangeWasTold(
        PresenceKey user, List<(UserRecords Before, UserRecords After, DateTimeOffset At)> commits, FakeRealtimeService realtime, int seed)
    {
        var changes = commits.Where(c => c.Before.Status != c.After.Status).Select(c => (c.After.Version, c.After.Status)).ToList();
        var told = ToldOf(realtime, user).Select(v => (v.Version, v.Status)).Order().ToList();
        var inTurn = changes.Zip(changes.Skip(1)).All(p => p.First.Version < p.Second.Version && p.First.Status != p.Second.Status);
        Assert.True(
            inTurn && told.All(changes.Contains) && (changes.Count == 0 || told.Contains(changes[^1])),
            $"seed {seed}: {user} changed {Text(changes)} and was told {Text(told)}");
    }

    private static void AssertToldOnce(FakeRealtimeService realtime, int seed)
    {
        var twice = realtime.Told.GroupBy(v => (v.UserId, v.Version)).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        Assert.True(twice.Count == 0, $"seed {seed}: told twice: {string.Join(", ", twice)}");
    }

    private static PresenceView? LastTold(FakeRealtimeService realtime, PresenceKey user) => ToldOf(realtime, user).MaxBy(v => v.Version);

    private static IEnumerable<PresenceView> ToldOf(FakeRealtimeService realtime, PresenceKey user) =>
        realtime.Told.Where(v => v.UserId == user.ToString());

    private static void AssertNobodyConnectedWasSweptOffline(EventStorm storm, int seed)
    {
        var wrong = storm.Told.Where(v => v.Status == PresenceStatus.Offline && storm.Connected.Any(u => u.ToString() == v.UserId)).ToList();
        Assert.True(wrong.Count == 0, $"seed {seed}: swept offline though connected: {string.Join(", ", wrong.Select(v => v.UserId))}");
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
