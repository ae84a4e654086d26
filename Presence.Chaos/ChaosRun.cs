using System.Globalization;
using Presence.Chaos.Actors;
using Presence.Chaos.Clients;
using Presence.Chaos.Faults;
using Presence.Chaos.Judgement;

namespace Presence.Chaos;

/// <summary>
/// One run: a system is started and attacked, left in peace, and judged. Its hosts are processes of their own, so all of it runs on the clock
/// of the machine: waits are how long an attack lasts, and how often somebody looks. What is promised within a time is judged by when it
/// was heard, not by a wait.
/// </summary>
internal sealed class ChaosRun(ChaosArguments arguments, TextWriter output)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(5);

    // Of those who never come again, the last are enough to look at while it goes on.
    private const int MostStrangers = 100;

    private readonly Live _live = new(output, TimeProvider.System);
    private readonly ActiveFaults _faults = new(arguments.Seed);
    private readonly FaultLog _log = new();
    private readonly Journal _journal = new();

    public async Task<Report> RunAsync(CancellationToken cancellationToken)
    {
        _live.Say($"seed {arguments.Seed}: starting {arguments.Hosts} hosts, Azurite and the SignalR emulator");
        await using var system = await ChaosSystem.StartAsync(arguments, _faults, _journal, cancellationToken);
        var callers = new Callers(system.Http, system.Address);
        await using var cast = new Cast(callers, _journal, arguments.Users, arguments.Seed);
        var follower = new EventFollower(callers.Backend, _journal, arguments.Seed);
        var owner = new WebhookOwner(callers.Backend, _journal, system.Receiver, system.ReceiverAddress);
        await owner.RegisterAsync(cancellationToken);
        await cast.TakePlacesAsync(cancellationToken);
        _live.Say($"{cast.Watchers.Count} watchers listen, {arguments.Users} users begin");

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var looking = LookAsync(system, cast, over.Token);
        var lasting = Acting(cast.Lasting, over.Token);
        var following = follower.FollowAsync(over.Token);
        var tending = owner.TendAsync(over.Token);
        var receiverMonkey = new ReceiverMonkey(_faults, _live, TimeProvider.System, arguments.Seed);
        var monkey = new Monkey(system.Fleet, _faults, _log, _live, TimeProvider.System, arguments.Seed);
        await AttackAsync(monkey, receiverMonkey, cast, cancellationToken);
        _live.Say("all is in order again; settling");

        var findings = await SettleAsync(system, cast, cancellationToken);
        await over.CancelAsync();
        await Task.WhenAll(looking, lasting, following, tending);
        var ofWebhook = await FinishAsync(follower, owner, cancellationToken);
        return new Report(
            arguments, monkey, receiverMonkey, _faults.Missed, _journal,
            Coverage.Of(_journal, [.. cast.Watchers.Select(w => (w.Connection.Name, w.Home, w.Connection.Listening()))]),
            [.. findings, .. new Verdict(_journal, _log).All(), .. FeedVerdict.Judge(_journal, cast.LeastEvents(arguments.Duration)), .. ofWebhook]);
    }

    /// <summary>
    /// What the feed has told by now the webhook has to be sent. Time goes on, and with it what is told: what it was sent beyond that the feed tells when it
    /// is read once more.
    /// </summary>
    private async Task<IReadOnlyList<Finding>> FinishAsync(EventFollower follower, WebhookOwner owner, CancellationToken cancellationToken)
    {
        await follower.FinishAsync(cancellationToken);
        var owed = _journal.Events.ToList();
        var since = TimeProvider.System.GetTimestamp();
        await owner.FinishAsync(owed, cancellationToken);
        _live.Say(string.Create(
            CultureInfo.InvariantCulture, $"the feed is read; the webhook was waited for {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0.0} s"));
        var sent = _journal.Sent.ToList();
        await follower.CatchUpAsync(cancellationToken);
        return [.. WebhookVerdict.Judge(owed, sent, _journal.Events, _journal.Unsigned)];
    }

    private async Task AttackAsync(Monkey monkey, ReceiverMonkey receiverMonkey, Cast cast, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var acting = Acting(cast.Passing.Concat(cast.Movers), stop.Token);
        try
        {
            await Task.WhenAll(monkey.RunAsync(arguments.Duration, cancellationToken), receiverMonkey.RunAsync(arguments.Duration, cancellationToken));
        }
        finally
        {
            await stop.CancelAsync();
            await acting;
        }

        await Task.WhenAll(cast.Movers.Select(mover => mover.EndOutsideAsync(cancellationToken)));
    }

    private static Task Acting(IEnumerable<IActor> actors, CancellationToken stop) => Task.WhenAll(actors.Select(async actor =>
    {
        try
        {
            await actor.RunAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }));

    /// <summary>First everything that time alone changes; then all must agree as promised, and hear of one more change.</summary>
    private async Task<IReadOnlyList<Finding>> SettleAsync(ChaosSystem system, Cast cast, CancellationToken cancellationToken)
    {
        var settled = ChaosSettings.OfflineAfter + ChaosSettings.Sweep + ChaosSettings.Margin;
        await Task.Delay(Longer(settled, ChaosSettings.Promise + ChaosSettings.Margin), TimeProvider.System, cancellationToken);
        var findings = await AgreeAsync(system, cast, ChaosSettings.OfflineAfter, cancellationToken);
        _live.Say($"settled: {findings.Count} lost; one more change in every room");
        await cast.ProbeAsync(cancellationToken);
        var more = await AgreeAsync(system, cast, ChaosSettings.Promise + ChaosSettings.Margin, cancellationToken);
        return [.. findings.Union(more)];
    }

    private async Task<IReadOnlyList<Finding>> AgreeAsync(
        ChaosSystem system, Cast cast, TimeSpan within, CancellationToken cancellationToken)
    {
        var end = TimeProvider.System.GetUtcNow() + within;
        while (true)
        {
            var users = UsersOf(cast, int.MaxValue);
            var truth = await system.Observer.LookAsync(users, cancellationToken);
            var lost = FinalStates.Judge(
                cast.Watchers.Select(w => (w.Connection.Name, w.Watches(users), (Func<string, State?>)w.Connection.Known)), truth).ToList();
            if (lost.Count == 0 || TimeProvider.System.GetUtcNow() > end)
            {
                return lost;
            }

            await Task.Delay(LookEvery, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Looks at what is true, and tells how it goes, until it is over.</summary>
    private async Task LookAsync(ChaosSystem system, Cast cast, CancellationToken over)
    {
        var told = TimeProvider.System.GetUtcNow();
        try
        {
            while (true)
            {
                foreach (var state in (await system.Observer.LookAsync(UsersOf(cast, MostStrangers), over)).Values)
                {
                    _journal.Truth.Enqueue((state, TimeProvider.System.GetUtcNow()));
                }

                if (TimeProvider.System.GetUtcNow() - told > TellEvery)
                {
                    told = TimeProvider.System.GetUtcNow();
                    Tell(system, cast);
                }

                await Task.Delay(LookEvery, TimeProvider.System, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is over.
        }
    }

    private void Tell(ChaosSystem system, Cast cast)
    {
        var (running, listening) = (system.Fleet.Running, cast.Watchers.Count(watcher => watcher.Connection.IsListening));
        _live.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"... {running} of {system.Fleet.Count} hosts run, {listening} of {cast.Watchers.Count} watchers listen, {_journal.Heard.Count:#,0} heard"));
    }

    private string[] UsersOf(Cast cast, int lastStrangers) => [.. cast.Residents, .. _journal.Strangers.TakeLast(lastStrangers)];

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
