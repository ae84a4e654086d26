using Presence.Core.Options;
using Presence.Simulation.Time;

namespace Presence.Simulation.World;

/// <summary>What a schedule consists of, all of it by chance.</summary>
internal sealed class Settings
{
    public Settings(Chance chance)
    {
        Trouble = chance.Pick([Trouble.None, Trouble.None, Trouble.Disorder, Trouble.Some, Trouble.Some, Trouble.Some, Trouble.Much, Trouble.Much]);
        Instances = chance.Pick([1, 1, 2, 2, 3, 4, 6, 8]);
        Users = chance.Between(1, 6);
        Guests = chance.Next(3);
        Conversations = chance.Between(1, 3);
        SweepEvery = TimeSpan.FromSeconds(chance.Pick([5, 10, 15]));
        Skew = Trouble == Trouble.None ? 0 : chance.Pick([0, 0.5, 2]);
        Presence = new PresenceOptions
        {
            ThrottleWindow = TimeSpan.FromSeconds(chance.Pick([1, 5, 10, 60])),
            OfflineAfter = TimeSpan.FromSeconds(chance.Pick([10, 20, 30, 60])),
            AwayAfter = TimeSpan.FromSeconds(chance.Pick([10, 20, 30, 60])),
            DisconnectGrace = TimeSpan.FromSeconds(chance.Pick([0, 2, 10])),
            ConnectionCheckAfter = TimeSpan.FromSeconds(chance.Pick([20, 60])),
            SweepSchedule = $"*/{SweepEvery.TotalSeconds:F0} * * * * *",
            DefaultConversation = chance.Hit(0.7) ? "lobby" : "",
            ShardCount = chance.Between(1, 3),
            MaxThrottleEntries = chance.Pick([1, 3, 1000, 1000, 1000]),
            SessionCacheFor = TimeSpan.FromSeconds(chance.Pick([0, 5, 30])),
            Visibility = chance.Pick([Visibility.Conversations, Visibility.Conversations, Visibility.Everybody]),
            LastSeenCanBeHidden = chance.Hit(0.7),
            HistoryRetention = TimeSpan.FromDays(15),
            MonthlyBudget = chance.Hit(0.5) ? 1 : 0,
        };
        var longest = Math.Max(Presence.OfflineAfter.TotalSeconds, Presence.AwayAfter.TotalSeconds);
        Acting = TimeSpan.FromSeconds(Math.Clamp(longest * 2, 40, 90));
        Quiet = Presence.OfflineAfter + Presence.AwayAfter + Presence.Widest.RecordWindow * 2 + Presence.DisconnectGrace
            + Presence.ConnectionCheckAfter + SweepEvery * 3 + TimeSpan.FromSeconds(20);
    }

    /// <summary>How much goes wrong.</summary>
    public Trouble Trouble { get; }

    public int Instances { get; }

    public int Users { get; }

    public int Guests { get; }

    public int Conversations { get; }

    public TimeSpan SweepEvery { get; }

    /// <summary>How far an instance's clock is ahead or behind at most, in seconds.</summary>
    public double Skew { get; }

    /// <summary>How far two clocks are apart at most.</summary>
    public TimeSpan Apart => TimeSpan.FromSeconds(2 * Skew);

    public PresenceOptions Presence { get; }

    /// <summary>Whether instances have no room for the windows of all users.</summary>
    public bool IsCrowded => Presence.MaxThrottleEntries < Users + Guests;

    /// <summary>How long users do something, and things go wrong.</summary>
    public TimeSpan Acting { get; }

    /// <summary>How long it takes after that until time alone changes nothing any more.</summary>
    public TimeSpan Quiet { get; }

    /// <summary>When a schedule ends, at the earliest.</summary>
    public TimeSpan Ends => Acting + AfterActing + Quiet;

    /// <summary>A webhook whose next attempt is no later has everything in the end, left to itself.</summary>
    public DateTimeOffset LastRetry => VirtualTime.Start + Ends - TimeSpan.FromSeconds(60);

    /// <summary>How long connections may take to end by themselves, before all is quiet.</summary>
    public static readonly TimeSpan AfterActing = TimeSpan.FromSeconds(45);

    /// <summary>So long trouble lasts on in what instances know of services, and in queries that hang.</summary>
    public static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(25);

    /// <summary>Within this after the last change every watcher knows, once nothing goes wrong any more.</summary>
    public TimeSpan Promise => TimeSpan.FromSeconds(10) + SweepEvery;
}

/// <summary>How much goes wrong.</summary>
internal enum Trouble
{
    /// <summary>Nothing, and all clocks agree.</summary>
    None,

    /// <summary>Events of connections come late, double, and in any order; clocks differ.</summary>
    Disorder,

    /// <summary>Services fail now and then, instances die now and then.</summary>
    Some,

    /// <summary>All the time.</summary>
    Much,
}
