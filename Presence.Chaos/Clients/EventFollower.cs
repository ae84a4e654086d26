using Presence.Chaos.Judgement;

namespace Presence.Chaos.Clients;

/// <summary>
/// Follows the feed of events from its beginning, by whichever host it meets, as the application's backend would: it goes on from the cursor that
/// it has kept, and now and then has lost the last one.
/// </summary>
internal sealed class EventFollower(Caller backend, Journal journal, int seed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Longer than the feed is read behind the present.</summary>
    private static readonly TimeSpan BehindThePresent = TimeSpan.FromSeconds(2);

    private readonly Random _random = new(seed);
    private string _cursor = "";

    /// <summary>Until it is told to stop.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var (isAnswered, hasMore) = await ReadAsync(mayForget: true, stop);
                if (!isAnswered || !hasMore)
                {
                    await Task.Delay(Pause, TimeProvider.System, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>To the end, once nothing happens any more.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(BehindThePresent, TimeProvider.System, cancellationToken);
        await CatchUpAsync(cancellationToken);
    }

    /// <summary>To the end of what there is.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(mayForget: false, cancellationToken) is not (true, false))
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<(bool IsAnswered, bool HasMore)> ReadAsync(bool mayForget, CancellationToken cancellationToken)
    {
        var limit = _random.Next(3) switch { 0 => 1, 1 => 7, _ => 200 };
        var answer = await backend.SendAsync(HttpMethod.Get, $"api/events?limit={limit}&after={_cursor}", body: null, cancellationToken);
        if (answer is not { IsOk: true, Data: { } page })
        {
            return (false, false);
        }

        foreach (var told in page.GetProperty("events").EnumerateArray())
        {
            journal.Events.Enqueue(ToldEvent.Read(told));
        }

        _cursor = mayForget && _random.Next(10) == 0 ? _cursor : page.GetProperty("cursor").GetString()!;
        return (true, page.GetProperty("hasMore").GetBoolean());
    }
}
