using Presence.Core.Domain;
using Presence.Simulation.Checks;
using Presence.Simulation.Instances;
using Presence.Simulation.Storage;
using Presence.Simulation.Time;
using Presence.Simulation.Traces;
using Presence.Simulation.World;

namespace Presence.Simulation.Running;

/// <summary>
/// One schedule: users act while things go wrong, then nothing goes wrong any more, and then only some keep calling until time alone
/// changes nothing. Everything in it follows from its seed.
/// </summary>
internal sealed class Schedule : IDisposable
{
    private readonly ulong _seed;
    private readonly VirtualTime _time = new();
    private readonly Chance _chance;
    private readonly Settings _settings;
    private readonly Trace _trace;
    private readonly Surroundings _world;
    private readonly Fleet _fleet;
    private readonly Calls _calls;
    private readonly HashSet<User> _calling = [];
    private readonly List<Check> _checks;
    private readonly PresenceStore _store;
    private string? _problem;
    private int _commits;

    public Schedule(ulong seed, bool keepsText)
    {
        _seed = seed;
        _chance = new(seed);
        _settings = new(_chance);
        _trace = new(_time, keepsText);
        _world = new(_settings, _time, _chance, _trace, new([.. Users()]));
        _fleet = new(_world, OnCommitted);
        _calls = new(_world, _fleet);
        _store = new(_world.Table, null!, _settings.Presence.ShardCount, _world.Population, _ => { }, _trace);
        _checks = [.. Checks()];
        foreach (var check in _checks)
        {
            check.Failed += OnFailed;
        }

        _fleet.Answered += operation => _checks.ForEach(check => check.OnAnswered(operation));
        _world.SignalR.Accepted += sent => _checks.ForEach(check => check.OnSent(sent));
        var webhooks = _checks.OfType<WebhooksAreTold>().Single();
        _world.Receivers.Got += webhooks.OnReceived;
        _world.Receivers.Kept += webhooks.OnKept;
        WebhookStore.Place(_world.Table, _world.Receivers.All);
    }

    /// <summary>Runs it.</summary>
    public async Task<Verdict> RunAsync()
    {
        Describe();
        for (var i = 0; i < _settings.Instances; i++)
        {
            _fleet.Start();
        }

        new Upkeep(_world, _fleet).Begin();
        new Troubles(_world, _fleet).Begin(_settings.Acting);
        new Economies(_world, _fleet).Begin();
        var connecting = new Connecting(_world, _calls);
        var backend = new Backend(_world, _calls);
        _world.SignalR.Opened += backend.OnOpened;
        _ = backend.WorkAsync(_settings.Acting);
        var follower = new Follower(_world, _calls);
        follower.Read += _checks.OfType<EventsAreTold>().Single().OnRead;
        _ = follower.FollowAsync();
        _ = new WebhookOwner(_world, _calls).TendAsync();
        List<Person> people = [.. _world.Population.Users.Select(user => new Person(user, _world, _calls, connecting))];
        people.ForEach(person => _ = person.LiveAsync(_settings.Acting));
        await ActAsync();

        connecting.Reconnects = false;
        // Clients of whose opening nobody knows, or could do anything for half a minute, give up.
        _time.After(TimeSpan.FromSeconds(38), () =>
        {
            foreach (var connection in _world.SignalR.Connections.Where(c => c is { IsOpen: true, IsUnheardOf: true, HasSnapshot: false }).ToList())
            {
                connecting.Close(connection);
            }
        });
        await EndAsync(people);
        return new(_seed, _trace.Hash, _problem, _trace.Text, _commits, _time.Now);
    }

    /// <inheritdoc/>
    public void Dispose() => _fleet.Dispose();

    /// <summary>Where nothing goes wrong, what is promised is looked at from the start.</summary>
    private async Task ActAsync()
    {
        while (_time.Now < _settings.Acting && _problem is null)
        {
            await PassAsync(_time.Now + TimeSpan.FromSeconds(7));
            if (_settings.Trouble == Trouble.None)
            {
                _checks.ForEach(check => check.OnPromised());
            }
        }
    }

    /// <summary>Some keep calling; from the moment on at which all must know, it is looked whether they do.</summary>
    private async Task EndAsync(List<Person> people)
    {
        var quiet = _time.Now + Settings.AfterActing + _settings.Quiet;
        for (var i = 0; i < people.Count; i++)
        {
            if (_world.Population.Users[i] is { Key.IsAnonymous: false } user && !_settings.IsCrowded && _chance.Hit(0.3))
            {
                _calling.Add(user);
                _ = KeepCallingAsync(people[i]);
            }
        }

        await PassAsync(_time.Now + Settings.Aftermath + _settings.Promise + _settings.Apart + TimeSpan.FromSeconds(2));
        while (_time.Now < quiet && _problem is null)
        {
            _checks.ForEach(check => check.OnPromised());
            await PassAsync(_time.Now + TimeSpan.FromSeconds(7));
        }

        if (_problem is null)
        {
            _checks.ForEach(check => check.OnQuiet());
        }
    }

    private async Task KeepCallingAsync(Person person)
    {
        var most = Math.Min(_settings.Presence.OfflineAfter.TotalSeconds, _settings.Presence.AwayAfter.TotalSeconds) / 4;
        await person.SignInAsync();
        while (true)
        {
            if (await person.CallAsync() is { Answer: Operations.Answer.Ok, Status: PresenceStatus.Offline })
            {
                // Erased meanwhile: what it asks with is from before.
                await person.SignInAsync();
            }

            await _time.DelayAsync(_chance.Span(most / 4, most));
        }
    }

    private async Task PassAsync(TimeSpan until) => await _time.RunAsync(until, () => _problem is not null);

    private void OnCommitted(Commit commit)
    {
        _commits++;
        if (commit.By?.Parts.FirstOrDefault(part => part.User == commit.User) is { } told)
        {
            commit = commit with { By = told };
        }

        commit.User.Commits.Add(commit);
        foreach (var connection in commit.User.Connections.Where(c => c.AcceptedAt is null && commit.After.Connections.IsOpen(c.Id)))
        {
            connection.AcceptedAt = commit.At;
        }

        _checks.ForEach(check => check.OnCommitted(commit));
    }

    private void OnFailed(string problem)
    {
        if (_problem is null)
        {
            _problem = FormattableString.Invariant($"at {_time.Now.TotalSeconds:F3}: {problem}");
            _trace.Say("check", $"{problem}");
        }
    }

    private IEnumerable<User> Users() => Enumerable.Range(0, _settings.Users).Select(n => new User(PresenceKey.Registered($"u{n + 1}"))
    {
        Credentials = new(VirtualTime.Start, TimeSpan.Zero, null),
    }).Concat(Enumerable.Range(0, _settings.Guests).Select(n => new User(PresenceKey.Anonymous($"g{n + 1}"))));

    private IEnumerable<Check> Checks()
    {
        var (truth, owed) = (new Truth(_settings), new OwedEvents());
        return
        [
            new VersionsRise(_settings), new OneContentPerVersion(), new NobodyActiveIsToldGone(_world, truth), new ActivityIsWhatPeopleDo(),
            new OneWritePerWindow(_settings), new LateEventsOpenNothing(_settings), new WindowsEndWithLeaving(),
            new SeenAsChosen(), new ChoicesAreKept(), new ChoicesEnd(_world, RecordsOf), new OneselfIsTold(_world, RecordsOf),
            new UnseenAreGone(_world), new BannedStayOut(_settings),
            new PrivacyIsKept(), new BlockedHearNothing(_world), new NoMoreSeenIsNoMoreHeard(_world), new TimesAreHidden(_world), new HiddenAreOffline(_world),
            new SignedOutDevicesStayOut(), new StatesStayInside(_world), new RelationsStandInBoth(_world, RecordsOf),
            new DutiesAreDone(_world), new GoneInTime(_world, RecordsOf), new OutMeansOut(_settings), new OutIsClosed(), new CallsDoNotWait(),
            new RemovedHearNothing(_world), new LeavingIsTold(_world, RecordsOf), new StrangersHearNothing(_world), new SnapshotsAreNoOlder(_world), new WatchersKnow(_world, RecordsOf), new EndsAsTheModel(_world, RecordsOf, _calling),
            new NothingIsLeft(_world, _fleet, RecordsOf), new EventsAreTold(_world, owed), new WebhooksAreTold(_world, owed), new LastSeenIsTrue(_world, truth, RecordsOf), new SessionsAreKept(_world),
        ];
    }

    private UserRecords RecordsOf(User user) => _store.Now(user.Key);

    private void Describe()
    {
        var p = _settings.Presence;
        _trace.Say("world", $"trouble {_settings.Trouble}, {_settings.Instances} instances, {_settings.Users} users, {_settings.Guests} guests");
        _trace.Say("world", $"window {p.ThrottleWindow} ({p.RecordWindow}), offline {p.OfflineAfter}, away {p.AwayAfter}, grace {p.DisconnectGrace}");
        _trace.Say(
            "world",
            $"check {p.ConnectionCheckAfter}, sweep {_settings.SweepEvery}, default [{p.DefaultConversation}], skew {(int)(_settings.Skew * 1000)} ms");
        _trace.Say("world", $"visible to {p.Visibility}, last seen can be hidden: {p.LastSeenCanBeHidden}, has a budget: {p.MonthlyBudget > 0}");
        foreach (var receiver in _world.Receivers.All)
        {
            var (kinds, conversations, users) = (receiver.Filter.Kinds, receiver.Filter.Conversations, receiver.Filter.Users);
            _trace.Say(
                receiver.Id,
                $"asks for {kinds?.Select(kind => kind.ToString()) ?? ["all"]} in {conversations ?? ["all"]} of {users?.Select(user => user.ToString()) ?? ["all"]}");
        }
    }
}
