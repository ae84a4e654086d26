namespace Presence.Tests.Infra;

/// <summary>The simulation of docs/scale.md over the constants of both pages: what so many users at once ask of each part of the system.</summary>
internal sealed class ScaleModel(IReadOnlyDictionary<string, double> constants)
{
    /// <summary>Units are sold by ones up to here, by tens from here on, and by hundreds in the larger tier.</summary>
    private const double Ones = 10;

    private readonly CostModel _costs = new(constants);

    /// <summary>How much of what there is at most a number of users takes: 1 is all of it.</summary>
    /// <param name="Name">Of what.</param>
    /// <param name="Share">The share.</param>
    public readonly record struct Load(string Name, double Share);

    /// <summary>Requests to Table Storage per second.</summary>
    public double Requests(double users) => _costs.TableRequests(users);

    /// <summary>The same while all of them come within <c>burst</c>, at its end: those who are here already behave as ever.</summary>
    public double BurstRequests(double users) => Requests(users) + (Coming(users) * _costs.ComingRequests);

    /// <summary>Users who come per second then.</summary>
    public double Coming(double users) => users / C("burst");

    /// <summary>Requests per second to the account that has most: the first, which holds the reports of the instances.</summary>
    public static double OfAccount(double requests, double reports, double accounts) => reports + ((requests - reports) / accounts);

    /// <summary>Reports of instances per second: one of each that is at work.</summary>
    public double Reports(double users) => _costs.Busy(users);

    /// <summary>Rows per second that a shard's partition reads and writes, without those that a query looks through in vain.</summary>
    public double RowsOfPartition(double users) => (RowsByShard(users) / C("shards")) + RowsOfEachShard(_costs.Sessions(users)) + (1 / C("sweepEvery"));

    /// <summary>The same while all of them come.</summary>
    public double BurstRowsOfPartition(double users) =>
        RowsOfPartition(users) + (Coming(users) * C("comingRows") / C("shards")) + RowsOfEachShard(Coming(users));

    /// <summary>Rows that each sweep looks through in each shard: those of all who are here.</summary>
    public double LookedThrough(double users) => users / C("shards");

    /// <summary>Users who are due when a sweep begins.</summary>
    public double DuePerSweep(double users) => _costs.Swept(users) * C("sweepEvery");

    /// <summary>Instances at work.</summary>
    public double Instances(double users) => Math.Ceiling(_costs.Busy(users));

    /// <summary>The same while all of them come.</summary>
    public double BurstInstances(double users) => Math.Ceiling(_costs.Busy(users, _costs.Sessions(users) + Coming(users)));

    /// <summary>The units of SignalR Service, as they are sold.</summary>
    public double Units(double users)
    {
        var least = Math.Max(1, Math.Ceiling(users / C("unitConnections")));
        var step = least <= Ones ? 1 : least <= C("standardUnits") ? Ones : C("standardUnits");
        return Math.Ceiling(least / step) * step;
    }

    /// <summary>Over how many services these are spread: one has so many units at most.</summary>
    public double Services(double users) => Math.Ceiling(Units(users) / C("premiumUnits"));

    public bool IsPremium(double users) => Units(users) > C("standardUnits");

    /// <summary>Dollars a month, with the larger tier's price where it must be that.</summary>
    public double Price(double users) =>
        (IsPremium(users) ? new CostModel(With(("unitPrice", C("premiumUnitPrice")))) : _costs).Of(users).Total;

    /// <summary>What is used most of that which one deployment has at most, in the course of a day or at nine o'clock.</summary>
    public IReadOnlyList<Load> Loads(double users, double accounts, double units, double instances, bool isBurst) =>
    [
        new("account", OfAccount(isBurst ? BurstRequests(users) : Requests(users), Reports(users), accounts) / C("accountLimit")),
        new("partition", (isBurst ? BurstRowsOfPartition(users) : RowsOfPartition(users)) / C("partitionLimit")),
        new("SignalR", users / (units * C("unitConnections"))),
        new("sweep", _costs.Swept(users) * C("sweepCpu") / 1_000),
        new("instances", (isBurst ? BurstInstances(users) : Instances(users)) / instances),
    ];

    /// <summary>The same system with other constants.</summary>
    public ScaleModel Changed(params (string Name, double Value)[] changes) => new(With(changes));

    private double C(string name) => constants[name];

    private double RowsByShard(double users) =>
        (C("recordRequests") * _costs.Recorded(users))
        + (C("lookupRequests") * _costs.LookedUp(users))
        + (_costs.Sessions(users) * (C("comingRows") + C("leavingRows") + (0.5 * (C("changes") - 2) * C("turnRows"))))
        + (users / C("checkEvery"))
        + (users / C("censusEvery"))
        + (2 * _costs.Events(users));

    /// <summary>A roster that is read shard by shard is a query in each, however few of its rows lie there.</summary>
    private double RowsOfEachShard(double coming) =>
        coming * C("conversations") * C("rosterShardRequests") * Math.Max(1, (C("listeners") + 1) / C("shards"));

    private Dictionary<string, double> With(params (string Name, double Value)[] changes)
    {
        var changed = new Dictionary<string, double>(constants);
        foreach (var (name, value) in changes)
        {
            changed[name] = value;
        }

        return changed;
    }
}
