using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

/// <summary>
/// Many users who call, each at a pace of its own, through several instances that share a store, and stop. The same for the same seed.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int SweepEvery = 15;

    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Random _random;
    private readonly Instance[] _instances;
    private readonly List<Member> _members;

    private Crowd(int seed, int users, int instances)
    {
        _random = new Random(seed);
        _instances = [.. Enumerable.Range(0, instances).Select(_ => Instance.OverMemory(_store, _clock, o => o.DefaultConversation = ""))];
        _members = [.. Users(users).Select(user => new Member(user, Interval(), sticks: _random.Next(3) == 0, stopsAt: 100 + _random.Next(600)))];
        Members = _members.ToDictionary(m => m.User);
        _store.Applied = (before, after) => Members[before.User].Sees(before.Records, after, _clock.GetUtcNow());
    }

    private Dictionary<PresenceKey, Member> Members { get; }

    /// <summary>One user, and what became of it.</summary>
    /// <param name="user">Who.</param>
    /// <param name="interval">How long it is from one call to the next on average, in seconds.</param>
    /// <param name="sticks">Whether it always calls through the same instance.</param>
    /// <param name="stopsAt">When it stops calling, in seconds.</param>
    public sealed class Member(PresenceKey user, double interval, bool sticks, int stopsAt)
    {
        public PresenceKey User => user;

        public double Interval => interval;

        public bool Sticks => sticks;

        public int StopsAt => stopsAt;

        /// <summary>The true last call.</summary>
        public DateTimeOffset LastCall { get; private set; }

        /// <summary>How often what was held back was written between one call and the next, and after the last: for each time once.</summary>
        public List<int> FurtherWrites { get; } = [];

        /// <summary>When it was told offline; null if it never was.</summary>
        public DateTimeOffset? OfflineAt { get; private set; }

        /// <summary>How often it was told offline.</summary>
        public int Offlines { get; private set; }

        /// <summary>What offline was told with.</summary>
        public DateTimeOffset? LastSeen { get; private set; }

        /// <summary>When an activity was written, in order.</summary>
        public List<DateTimeOffset> Recorded { get; } = [];

        public void Sees(UserRecords before, UserRecords after, DateTimeOffset now)
        {
            if (after.Online is null)
            {
                (OfflineAt, LastSeen, Offlines) = (now, after.Profile!.LastSeenAt, Offlines + 1);
            }
            else if (after.Online.RecordedAt != before.Online?.RecordedAt)
            {
                Recorded.Add(now);
                FurtherWrites[^1] += now > LastCall ? 1 : 0;
            }
        }

        public void Calls(DateTimeOffset now)
        {
            LastCall = now;
            FurtherWrites.Add(0);
        }
    }

    /// <summary>Lets a crowd live until all are gone.</summary>
    public static async Task<IReadOnlyList<Member>> LiveAsync(int seed, int users, int instances)
    {
        await using var crowd = new Crowd(seed, users, instances);
        await crowd.LiveAsync();
        return crowd._members;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }
    }

    private async Task LiveAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var next = _members.ToDictionary(m => m, m => _random.NextDouble() * m.Interval);
        for (var second = 0; second < 1_200; second++)
        {
            foreach (var member in _members.Where(m => next[m] <= second && second < m.StopsAt))
            {
                next[member] = second + (member.Interval * (0.5 + _random.NextDouble()));
                member.Calls(_clock.GetUtcNow());
                var instance = member.Sticks ? _members.IndexOf(member) : _random.Next(_instances.Length);
                await _instances[instance % _instances.Length].Recorder.RecordAsync(member.User, _clock.GetUtcNow());
            }

            if (second % SweepEvery == 0)
            {
                await _instances[0].Sweep.RunAsync(token);
            }

            _clock.Advance(Seconds(1));
            foreach (var instance in _instances)
            {
                await instance.Get<HeldActivityWriter>().WriteAsync(all: false, token);
            }
        }
    }

    /// <summary>From a call a second to one in two minutes, as often the one as the other.</summary>
    private double Interval() => Math.Exp(_random.NextDouble() * Math.Log(120));
}
