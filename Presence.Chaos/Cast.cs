using Presence.Chaos.Actors;
using Presence.Chaos.Clients;
using Presence.Chaos.Judgement;

namespace Presence.Chaos;

/// <summary>All who take part: watchers in every room, and actors of each kind.</summary>
internal sealed class Cast : IAsyncDisposable
{
    private const string ProbeKind = "probe";

    private const string Hidden = "hidden-1";

    /// <summary>Two of one room who must not see each other.</summary>
    private static readonly string[] Apart = ["apart-0", "apart-1"];

    private readonly Callers _callers;
    private readonly Surroundings _surroundings;
    private readonly int _seed;
    private readonly HashSet<string> _placed = [];

    public Cast(Callers callers, Journal journal, int users, int seed)
    {
        (_callers, _surroundings, _seed) = (callers, new(callers, journal), seed);
        foreach (var number in Enumerable.Range(0, users))
        {
            AddActor(number);
        }

        AddSecretive(users);
        var probes = Population.AllRooms.Select((_, number) => Population.User(ProbeKind, number)).ToList();
        (Residents, Probes) = ([.. Residents, .. probes], probes);
    }

    /// <summary>The users who live in a room.</summary>
    public List<string> Residents { get; } = [];

    public IReadOnlyList<string> Probes { get; }

    /// <summary>Those who call to the very end.</summary>
    public List<Busy> Lasting { get; } = [];

    public List<IActor> Passing { get; } = [];

    public List<Moving> Movers { get; } = [];

    public List<Watcher> Watchers { get; } = [];

    /// <summary>Puts everybody where they belong, and has the watchers listen.</summary>
    public async Task TakePlacesAsync(CancellationToken cancellationToken)
    {
        foreach (var number in Enumerable.Range(0, Population.Rooms * Population.WatchersPerRoom))
        {
            var name = Population.User("watcher", number);
            Residents.Add(name);
            await JoinAsync(name, Population.HomeOf(name)!, cancellationToken);
        }

        foreach (var user in Residents)
        {
            await JoinAsync(user, Population.HomeOf(user)!, cancellationToken);
        }

        await JoinAsync("outsider@outside", "outside", cancellationToken);
        foreach (var mover in Enumerable.Range(0, Movers.Count).Select(Mover))
        {
            await JoinAsync(mover, Population.HomeOf(mover)!, cancellationToken);
        }

        await KeepSecretsAsync(cancellationToken);
        AddWatchers();
        await Task.WhenAll(Watchers.Select(watcher => watcher.Connection.WelcomedAsync(TimeSpan.FromSeconds(30))));
    }

    /// <summary>The users who live in a room become active at once, so that all who are to hear of it can be asked.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Probes.Select(probe => _callers.User(probe).InsistAsync(HttpMethod.Post, "api/activity", body: null, cancellationToken)));

    /// <summary>
    /// As many events as there are at least in a run: one of each who was put into its place, and of those who pass by as many as there are if no call of theirs
    /// takes less time than it may. That is a sixth of what they tell where nothing goes wrong.
    /// </summary>
    public int LeastEvents(TimeSpan duration) => _placed.Count + (int)(Passing.OfType<PassersBy>().Count() * (duration / PassersBy.Longest));

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in Passing.Concat(Movers).Concat(Lasting))
        {
            await actor.DisposeAsync();
        }

        foreach (var watcher in Watchers)
        {
            await watcher.Connection.DisposeAsync();
        }
    }

    private static string Mover(int number) => $"{Population.MoverPrefix}{number}@own-{number}";

    private void AddActor(int number)
    {
        var random = new Random(_seed + number);
        switch (number % 8)
        {
            case 0:
                Lasting.Add(new(_surroundings, Resident("lasting", number), random));
                break;
            case 1:
                Passing.Add(new PassersBy(_surroundings, number, random));
                break;
            case 2:
                Passing.Add(new Busy(_surroundings, Resident("busy", number), random));
                break;
            case 3 or 4:
                Passing.Add(new Visitor(_surroundings, Resident("visitor", number), random));
                break;
            case 5:
                Passing.Add(new Departing(_surroundings, Resident("departing", number), random));
                break;
            case 6:
                Movers.Add(new(_surroundings, Mover(Movers.Count), Population.Room(Movers.Count), random));
                break;
            default:
                Passing.Add(new Doorkeeper(_surroundings, number, random));
                break;
        }
    }

    /// <summary>All of them come and go, so that there is news of them all the time.</summary>
    private void AddSecretive(int number)
    {
        foreach (var user in Apart.Select(name => InRoom(name, 0)).Append(InRoom(Hidden, 1)))
        {
            Residents.Add(user);
            Passing.Add(new Visitor(_surroundings, user, new Random(_seed + number++)));
        }
    }

    /// <summary>Before anything is known of them.</summary>
    private async Task KeepSecretsAsync(CancellationToken cancellationToken)
    {
        var (one, other, hidden) = (InRoom(Apart[0], 0), InRoom(Apart[1], 0), InRoom(Hidden, 1));
        await _callers.Backend.InsistAsync(
            HttpMethod.Put, $"api/visibility/blocked?userId={Uri.EscapeDataString(one)}&otherId={Uri.EscapeDataString(other)}", body: null, cancellationToken);
        await _callers.User(hidden).InsistAsync(HttpMethod.Put, "api/presence/me/privacy", new { visibility = "nobody" }, cancellationToken);
        var answered = Surroundings.Now;
        _surroundings.Journal.Secrets.Enqueue(new(one, other, "blocked", answered));
        _surroundings.Journal.Secrets.Enqueue(new(other, one, "blocked", answered));
        _surroundings.Journal.Secrets.Enqueue(new(hidden, From: null, "hidden", answered));
    }

    private static string InRoom(string name, int room) => $"{name}@{Population.Room(room)}";

    private string Resident(string kind, int number)
    {
        var user = Population.User(kind, number);
        Residents.Add(user);
        return user;
    }

    private void AddWatchers()
    {
        foreach (var name in Residents.Where(user => user.StartsWith("watcher-", StringComparison.Ordinal)))
        {
            Watchers.Add(new(Connect(name), Population.HomeOf(name)!, []));
        }

        // Two who are put into no conversation, and one who asks for some by name.
        Watchers.Add(new(Connect("loiterer-0"), Population.Lobby, []));
        Watchers.Add(new(Connect("loiterer-1"), Population.Lobby, []));
        var watched = Residents.Take(20).ToArray();
        Watchers.Add(new(Connect("outsider@outside", watched), "outside", watched));
    }

    private LiveConnection Connect(string user, params string[] watch) => new(user, _callers.User(user), _surroundings.Journal, watch);

    private async Task JoinAsync(string user, string conversation, CancellationToken cancellationToken)
    {
        await _callers.Backend.InsistAsync(HttpMethod.Put, $"api/conversations/{conversation}/members/{user}", body: null, cancellationToken);
        _placed.Add(user);
    }
}
