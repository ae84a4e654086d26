using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>Viewer by subject, setting, route and message: what is expected is the table of <see cref="Relation.All"/>.</summary>
public class VisibilityMatrixTests
{
    /// <summary>As many go on at once.</summary>
    private const int AtOnce = 12;

    private static readonly string[] AlsoOfGuests = ["shares a conversation", "allowed", "blocked, sharing and watching"];

    [Theory, InlineData(nameof(Visibility.Conversations)), InlineData(nameof(Visibility.Everybody))]
    public async Task EveryViewerSeesOfEverySubjectWhatTheTableSays(string setting)
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.Visibility), setting));
        var wrong = new List<string>();

        await Parallel.ForEachAsync(
            Relation.All.SelectMany(Kinds),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (cell, _) =>
            {
                var (relation, isGuestViewing, isGuestSeen) = cell;
                var expected = setting == nameof(Visibility.Everybody) ? relation.Everybody : relation.Conversations;
                await using var pair = await Pair.CreateAsync(system, relation, isGuestViewing, isGuestSeen);
                try
                {
                    await pair.PlayAsync(expected, closesWhoeverLeaves: setting == nameof(Visibility.Conversations));
                }
                catch (Exception e)
                {
                    lock (wrong)
                    {
                        wrong.Add($"{relation} ended with {e}");
                    }
                }

                lock (wrong)
                {
                    wrong.AddRange(pair.Wrong);
                }
            });

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong with {setting}:\n{string.Join('\n', wrong)}");
    }

    private static IEnumerable<(Relation Relation, bool IsGuestViewing, bool IsGuestSeen)> Kinds(Relation relation) => AlsoOfGuests.Contains(relation.Name)
        ? [(relation, false, false), (relation, true, false), (relation, false, true)]
        : [(relation, false, false)];
}
