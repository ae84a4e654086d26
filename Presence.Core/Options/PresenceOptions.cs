using Presence.Core.Domain;

namespace Presence.Core.Options;

/// <summary>
/// The settings of the section <c>Presence</c>; in the environment <c>Presence__OfflineAfter=00:05:00</c>. The schedules alone stand outside
/// of it: <see cref="ScheduleSettings"/>. Validated on start.
/// </summary>
public sealed class PresenceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Presence";

    /// <summary>At most one recorded activity per user in it, over all instances. 1 s to 1 h; default 60 s. See <see cref="RecordEvery"/>.</summary>
    public TimeSpan ThrottleWindow { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Without connection and activity for so long, a user is offline. 1 s to 7 days; default 5 min.</summary>
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Connected but without activity for so long, a user is away. 1 s to 7 days; default 5 min.</summary>
    public TimeSpan AwayAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long after the last activity a client with a connection of its own is told to call next, while its user is active. From
    /// <see cref="RecordWindow"/> to nine tenths of <see cref="AwayAfter"/>; default: <see cref="AwayAfter"/> less one window, 235 s.
    /// </summary>
    public TimeSpan? ConnectedPace { get; set; }

    /// <summary>When the sweep runs: six-field NCrontab expression, UTC; default every 15 s.</summary>
    public string SweepSchedule { get; set; } = "*/15 * * * * *";

    /// <summary>When the clean-up runs: six-field NCrontab expression, UTC; default daily at 03:30.</summary>
    public string CleanupSchedule { get; set; } = "0 30 3 * * *";

    /// <summary>When users are counted for the metrics: six-field NCrontab expression, UTC; default every minute.</summary>
    public string CensusSchedule { get; set; } = "0 * * * * *";

    /// <summary>When webhooks are sent what they are owed: six-field NCrontab expression, UTC; default every 15 s.</summary>
    public string WebhookSchedule { get; set; } = "*/15 * * * * *";

    /// <summary>When some users are checked against the SignalR service: six-field NCrontab expression, UTC; default every minute, at its half.</summary>
    public string TruthSchedule { get; set; } = "30 * * * * *";

    /// <summary>
    /// How many users are checked each time, over all instances: half of them of those who are here, half of those who are not. 0 (none) to
    /// 1,000; default 20.
    /// </summary>
    public int TruthSample { get; set; } = 20;

    /// <summary>
    /// What a month may cost, in US dollars. Where the forecast exceeds it, throttle windows become wider and messages are gathered for longer.
    /// 0 (no limit) to 10,000,000; default 0.
    /// </summary>
    public double MonthlyBudget { get; set; }

    /// <summary>What Azure charges, for the forecast of the bill.</summary>
    public PricesOptions Prices { get; set; } = new();

    /// <summary>How long after the last connection closed a user stays. 0 (at once) to 10 min; default 10 s.</summary>
    public TimeSpan DisconnectGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection without any sign for so long is asked for at the SignalR service. 1 s to 1 day; default 10 min.</summary>
    public TimeSpan ConnectionCheckAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The conversation of users who are in no other; empty for none. Default <c>lobby</c>.</summary>
    public string DefaultConversation { get; set; } = "lobby";

    /// <summary>Over how many partitions the table spreads. 1 to 256; default 16. Fixed once the table exists.</summary>
    public int ShardCount { get; set; } = 16;

    /// <summary>
    /// Further storage accounts that the table spreads over, beside the one of <c>AzureWebJobsStorage</c>: their names, or addresses of table
    /// services, under that one's identity, or connection strings; divided by commas, nine at most. Empty by default. Fixed, and their order,
    /// once the table exists.
    /// </summary>
    public string StorageAccounts { get; set; } = "";

    /// <summary>The table's name: 3 to 63 letters and digits, a letter first. Default <c>presence</c>.</summary>
    public string TableName { get; set; } = "presence";

    /// <summary>
    /// The most users whose throttle window one instance remembers. Beyond that, windows in which their user has called again stay as well, until
    /// they are as many again; of the others one of those leaves that would leave soonest. Whoever has no window is looked up in storage at each
    /// call; and beyond twice the number, what the window held back is lost: last seen may then be up to a window early, as when an instance
    /// dies. A window takes some 60 bytes beside the user's id. 1 to 10,000,000; default 1,000,000.
    /// </summary>
    public int MaxThrottleEntries { get; set; } = 1_000_000;

    /// <summary>How long an anonymous session lasts unless a shorter lifetime is asked for. 1 min to 365 days; default 24 h.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an instance trusts a session it has looked up; a revoked one may live on elsewhere for so long. 0 to 10 min; default 30 s.</summary>
    public TimeSpan SessionCacheFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an instance may answer a roster from memory; its own transitions end that at once. 0 to 1 min; default 2 s.</summary>
    public TimeSpan RosterCacheFor { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Conversations with more members than this are told how many are here, instead of who has changed; with fewer than nine tenths of it, who
    /// has changed again. 2 to 100,000; default 500.
    /// </summary>
    public int LargeConversation { get; set; } = 500;

    /// <summary>How long an anonymous participant is remembered after it was last seen, and anybody who was never seen and is in no conversation. 1 h to 3,650 days; default 30 days.</summary>
    public TimeSpan AnonymousRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// The longest time for which credentials of users are issued: so long an erased user keeps a tombstone, without personal data, that
    /// keeps old credentials from bringing it back. 1 min to 365 days; default 24 h.
    /// </summary>
    public TimeSpan CredentialLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long events are kept for those who follow the feed of them. 0 (no events are written, and there is no feed), or 1 h to 90 days; default
    /// 7 days.
    /// </summary>
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long the finished sessions of users are kept, and who was where hour by hour: 0 (nothing is written), or 15 to 400 days, since a day is summed
    /// up to a week late, by itself and the week before it. Default 0.
    /// </summary>
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.Zero;

    /// <summary>How messages are sent: over the hub, at least once; or by the SignalR output binding, at most once. Default: hub.</summary>
    public DeliveryMode Delivery { get; set; } = DeliveryMode.Hub;

    /// <summary>Who sees whom, where the application, and the users themselves, say nothing else. Default: those who share a conversation.</summary>
    public Visibility Visibility { get; set; } = Visibility.Conversations;

    /// <summary>
    /// Whether users may hide when they were last active (<see cref="Domain.LastSeenPrecision.Nobody"/>), and then see it of nobody. If so, news
    /// goes to each conversation in two messages, one of which says nothing of that. Default: true.
    /// </summary>
    public bool LastSeenCanBeHidden { get; set; } = true;

    /// <summary>
    /// Whether webhooks may lead to addresses that are not public, and use http. Only where all who hold a function key may reach what this app
    /// reaches. Default: false.
    /// </summary>
    public bool AllowPrivateWebhooks { get; set; }

    /// <summary>
    /// The address of an Event Grid topic that events are published to as well, one of the schema CloudEvents 1.0:
    /// <c>https://…eventgrid.azure.net/api/events</c>. Empty, the default, for none.
    /// </summary>
    public string EventGridTopic { get; set; } = "";

    /// <summary>An access key of the topic; empty, the default, to publish under the identity of the storage account.</summary>
    public string EventGridKey { get; set; } = "";

    /// <summary>How bearer tokens are checked.</summary>
    public AuthenticationOptions Authentication { get; set; } = new();

    /// <summary>The longest <see cref="HistoryRetention"/>.</summary>
    public static TimeSpan LongestHistory { get; } = TimeSpan.FromDays(400);

    /// <summary>Whether sessions are kept.</summary>
    public bool KeepsHistory => HistoryRetention > TimeSpan.Zero;

    /// <summary>
    /// How far the clocks of instances may be apart. A time further in the future than this was written by a clock that has been set back
    /// since, and throttles nobody.
    /// </summary>
    public static TimeSpan ClockTolerance { get; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The throttle window in force: <see cref="ThrottleWindow"/>, wider at a step of economy, but never more than half of
    /// <see cref="OfflineAfter"/> or <see cref="AwayAfter"/>, so that a user who keeps calling is never taken for gone.
    /// </summary>
    public TimeSpan RecordEvery => new(Math.Min(ThrottleWindow.Ticks * Widening, Math.Min(OfflineAfter.Ticks, AwayAfter.Ticks) / 2));

    /// <summary>
    /// How long after a recorded activity the row refuses the next: <see cref="RecordEvery"/> and a twelfth of it. An instance decides
    /// before storage applies, by up to two tries of 2 s when storage is slow, and clocks differ a little: without the margin, 5 s of
    /// the default window, two writes could be applied closer than the window.
    /// </summary>
    public TimeSpan RecordWindow => RecordEvery + (RecordEvery / 12);

    /// <summary>
    /// <see cref="ConnectedPace"/> in force: with time left for a call that comes late, and never less than the window. A wider window of a step
    /// of economy does not shorten it: that would be more calls, not fewer.
    /// </summary>
    public TimeSpan PaceOfConnected => Longer(ConnectedPace ?? (AwayAfter - Longer(At(Economy.Normal).RecordWindow, AwayAfter / 10)), RecordWindow);

    /// <summary>
    /// Where a user calls more often than it is told to, an instance that did not make the last record waits so long for the one that did: three
    /// eighths of the window.
    /// </summary>
    public TimeSpan Precedence => RecordWindow * 0.375;

    /// <summary>And up to a quarter of the window more, each instance for a time of its own, so that seldom two write at once.</summary>
    public TimeSpan PrecedenceSpread => RecordWindow / 4;

    /// <summary>Whoever calls so much before the end of a window, or less, calls when it is told to, by a clock that differs a little.</summary>
    public TimeSpan Early => RecordWindow / 4 < ClockTolerance ? RecordWindow / 4 : ClockTolerance;

    /// <summary>
    /// How long after a window has ended, without a call since, its user counts as quiet. A window's length, but early enough that nobody is
    /// taken for gone, or away, who is not.
    /// </summary>
    public TimeSpan QuietAfter => RecordWindow < Spare * 0.75 ? RecordWindow : Spare * 0.75;

    /// <summary>
    /// An activity that is later than the last recorded one by so much is recorded whatever the window. Somebody may have told late what the
    /// user did long ago; the window that this opened must not hold back the next until the user is taken for gone.
    /// </summary>
    public TimeSpan MostBehind => RecordWindow + (Leeway * 2);

    /// <summary>
    /// How long after the last recorded activity what a window held back since is recorded, if its user is quiet here. As late as possible,
    /// because most go on calling elsewhere, and then there is nothing to record; but early enough that nobody is taken for gone, or away, who
    /// is not.
    /// </summary>
    public TimeSpan WrittenAfter => MostBehind + QuietAfter + (Leeway / 2);

    /// <summary>
    /// A quarter of what is left from the moment at which something held back must be written until its user would be taken for gone. Two are
    /// for activities told late, half a one is for users who call elsewhere, one for the time between two looks at who has gone quiet, and half a
    /// one for storage.
    /// </summary>
    public TimeSpan Leeway => (Spare - QuietAfter) / 4;

    /// <summary>The step of economy that these settings are of: not configured, but decided by what the month costs.</summary>
    public Economy StepOfEconomy { get; private set; }

    /// <summary>How many times as long windows are, and the times over which messages are gathered, as they are configured to be.</summary>
    internal int Widening => 1 << (int)StepOfEconomy;

    /// <summary>
    /// The settings at the step of economy at which windows are widest, where there is a budget: instances learn of a step one after the other, so
    /// that any other may be at it.
    /// </summary>
    internal PresenceOptions Widest => MonthlyBudget > 0 ? At(Economy.Austere) : this;

    /// <summary>The same settings at a step of economy.</summary>
    internal PresenceOptions At(Economy economy)
    {
        if (economy == StepOfEconomy)
        {
            return this;
        }

        var other = (PresenceOptions)MemberwiseClone();
        other.StepOfEconomy = economy;
        return other;
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a >= b ? a : b;

    private TimeSpan Spare => (OfflineAfter < AwayAfter ? OfflineAfter : AwayAfter) - (RecordWindow * 1.1);
}
