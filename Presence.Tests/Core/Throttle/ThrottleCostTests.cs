using Presence.Core.Domain;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

/// <summary>
/// What activity costs in storage requests, whichever instance each call goes to: <c>docs/throttle.md</c>. Users call on and on, for ten minutes and
/// then for the twenty that are counted.
/// </summary>
public class ThrottleCostTests(ITestOutputHelper output)
{
    private const int Users = 1_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Counted = TimeSpan.FromMinutes(20);

    [Theory]
    [InlineData(1, true, 1.0)]
    [InlineData(2, true, 1.0)]
    [InlineData(4, true, 1.0)]
    [InlineData(8, true, 1.0)]
    [InlineData(1, false, 1)]
    [InlineData(2, false, 2)]
    [InlineData(4, false, 4)]
    [InlineData(8, false, 8)]
    public async Task ACallEveryTenSecondsCosts(int instances, bool withToken, double most)
    {
        var (requests, _, _) = await CountAsync(instances, withToken, atOnce: 1, random => Seconds(5 + (10 * random.NextDouble())));

        Assert.InRange(requests, 0.5, most);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task FiveCallsAtOnceEveryFiveSecondsCost(int instances)
    {
        var (requests, refused, _) = await CountAsync(instances, withToken: true, atOnce: 5, _ => Seconds(5));

        Assert.InRange(requests, 0.5, 1.1);
        Assert.InRange(refused, 0, 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task CallsWhenToldToCostOneRequestEach(int instances)
    {
        var (requests, refused, calls) = await CountAsync(instances, withToken: true, atOnce: 1, pause: null);

        Assert.InRange(requests, 0.9, 0.93);
        Assert.Equal((0, Math.Round(requests, 2)), (refused, Math.Round(calls, 2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task WithAConnectionCallsWhenToldToAreOneInFourMinutes(int instances)
    {
        var (requests, refused, calls) = await CountAsync(instances, withToken: true, atOnce: 1, pause: null, isConnected: true);

        Assert.InRange(calls, 0.2, 0.3);
        Assert.InRange(requests, 0.2, 0.3);
        Assert.Equal(0, refused);
    }

    /// <param name="instances">Over how many instances calls spread.</param>
    /// <param name="withToken">Whether callers bring what they were given.</param>
    /// <param name="atOnce">How many calls a user makes at once.</param>
    /// <param name="pause">How long it is until the next; null for the moment that the answer says.</param>
    /// <param name="isConnected">Whether users have a connection.</param>
    /// <returns>Of one user in a minute: storage requests, refused writes among them, and calls.</returns>
    private async Task<(double Requests, double Refused, double Calls)> CountAsync(
        int instances, bool withToken, int atOnce, Func<Random, TimeSpan>? pause, bool isConnected = false)
    {
        var (clock, store, random) = (Clock(), new InMemoryPresenceStore(shardCount: 16), new Random(instances));
        var all = Enumerable.Range(0, instances).Select(_ => Instance.OverMemory(store, clock, o => o.DefaultConversation = "")).ToList();
        var users = Users(Users).Select(user => new Caller(user) { Next = Start + Seconds(random.NextDouble() * 60) }).ToList();
        foreach (var user in isConnected ? users : [])
        {
            await all[0].ApplyAsync(user.User, new PresenceEvent.Connected(user.User.Id));
        }

        var (requests, attempts, commits, calls) = (0, 0, 0, 0);
        while (clock.GetUtcNow() < Start + WarmUp + Counted)
        {
            if (clock.GetUtcNow() == Start + WarmUp)
            {
                (requests, attempts, commits, calls) = (store.Requests, store.Attempts, store.Commits, 0);
            }

            foreach (var user in users.Where(u => u.Next <= clock.GetUtcNow()))
            {
                var began = clock.GetUtcNow();
                var answers = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(
                    _ => all[random.Next(instances)].Recorder.RecordAsync(user.User, began, withToken ? user.Token : null).AsTask()));
                calls += atOnce;
                user.Token = answers.Select(a => a.Token).LastOrDefault(t => t is not null) ?? user.Token;
                user.Next = pause is not null ? user.Next + pause(random)
                    : (isConnected ? answers[0].NextWhileConnected : answers[0].NextRecordAt)!.Value;
            }

            clock.Advance(Seconds(1));
            foreach (var instance in all)
            {
                await instance.Get<HeldActivityWriter>().WriteAsync(all: false, TestContext.Current.CancellationToken);
            }
        }

        foreach (var instance in all)
        {
            await instance.DisposeAsync();
        }

        var minutes = Users * Counted.TotalMinutes;
        var (perMinute, refused) = ((store.Requests - requests) / minutes, (store.Attempts - attempts - store.Commits + commits) / minutes);
        output.WriteLine($"{instances} instances, {(withToken ? "with" : "without")} token: {perMinute:0.00} requests, {refused:0.00} of them refused writes");
        return (perMinute, refused, calls / minutes);
    }

    private sealed class Caller(PresenceKey user)
    {
        public PresenceKey User => user;

        public DateTimeOffset Next { get; set; }

        public string? Token { get; set; }
    }
}
