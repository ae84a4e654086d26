using Presence.Core.Ledger;
using Presence.Simulation.Operations;

namespace Presence.Simulation.World;

/// <summary>
/// Somebody who follows the feed of events, by any instance, and keeps the cursor: now and then it forgets the one that it was just given, as one
/// who dies before it has kept it.
/// </summary>
internal sealed class Follower(Surroundings world, Calls calls)
{
    /// <summary>The longest time between two reads, when there is nothing to be told.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private string? _cursor;

    /// <summary>Told of each page that it was given.</summary>
    public event Action<EventPage>? Read;

    /// <summary>Goes on for ever.</summary>
    public async Task FollowAsync()
    {
        while (true)
        {
            if (await ReadAsync() is not { HasMore: true })
            {
                await world.Time.DelayAsync(world.Chance.Span(0.1, world.Chance.Pick([0.5, 2, LongestPause.TotalSeconds])));
            }
        }
    }

    private async Task<EventPage?> ReadAsync()
    {
        EventPage? page = null;
        var (after, limit) = (_cursor is null ? null : EventCursor.Parse(_cursor), world.Chance.Pick([1, 2, 5, 100]));
        var call = await calls.MakeAsync(
            OperationKind.ReadEvents,
            null,
            null,
            async (instance, _) => page = await instance.Events.ReadAsync(after, limit, CancellationToken.None));
        if (call.Answer != Answer.Ok)
        {
            return null;
        }

        if (page!.Events.Length > 0)
        {
            world.Trace.Say("follower", $"is told {page.Events.Select(told => $"{told.Kind} {told.Id}")} of {limit}");
        }

        Read?.Invoke(page);
        if (world.Chance.Hit(0.9) || world.TroubleEndedAt is not null)
        {
            _cursor = page.Next.ToString();
        }

        return page;
    }
}
