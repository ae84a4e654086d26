using System.Text.RegularExpressions;

namespace Presence.Tests.Core;

/// <summary>The rooms of Core stand in one order: each uses only what stands before it, and nothing but the wiring knows the adapters.</summary>
public sealed partial class RoomsTests
{
    private const string Adapters = "TableStorage";

    private static readonly string[] Order =
    [
        "Domain", "Options", "Rules", "Metrics", "Costs", "Concurrency", "Ports", "Engine", "Rosters", "Delivery", "Watching", "Live", "Throttle", "Sweep", "Sessions",
        "Callers", "Health", "Reports", "Population", "History", "Analytics", "Forecasting", "Truth", "Budgets", "Stats", "Ledger", "Webhooks", "Retention", "Erasing", Adapters,
    ];

    private static string Core => Path.Combine(Repository.Root, "Presence.Core");

    [Fact]
    public void EveryRoomHasItsPlaceInTheOrder() =>
        Assert.Equal(Order.Order(), Rooms().Order());

    [Fact]
    public void ARoomUsesOnlyWhatStandsBeforeIt()
    {
        var wrong = from room in Rooms()
                    from file in Directory.GetFiles(Path.Combine(Core, room), "*.cs", SearchOption.AllDirectories)
                    from used in Used(file)
                    where Array.IndexOf(Order, used) > Array.IndexOf(Order, room)
                    select $"{room}/{Path.GetFileName(file)} uses {used}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void OnlyTheWiringStandsOutsideOfARoomAndKnowsTheAdapters()
    {
        Assert.Equal(["PresenceServices.cs"], Directory.GetFiles(Core, "*.cs").Select(Path.GetFileName));
        string[] others = ["Presence.Functions", "Presence.LocalHost"];
        var knowing = others
            .SelectMany(p => Directory.GetFiles(Path.Combine(Repository.Root, p), "*.cs", SearchOption.AllDirectories))
            .Where(file => Used(file).Contains(Adapters));
        Assert.Empty(knowing);
    }

    private static IEnumerable<string> Rooms() =>
        Directory.GetDirectories(Core).Select(d => Path.GetFileName(d)!).Where(name => name is not ("bin" or "obj"));

    private static IEnumerable<string> Used(string file) => Using().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"\bPresence\.Core\.(\w+)")]
    private static partial Regex Using();
}
