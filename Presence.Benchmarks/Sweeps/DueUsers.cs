using Presence.Benchmarks.Counts;
using Presence.Core.Domain;
using Presence.Core.TableStorage;
using Presence.Core.Throttle;

namespace Presence.Benchmarks.Sweeps;

/// <summary>Users who were active at one moment, and so are due at one moment.</summary>
internal static class DueUsers
{
    private const int AtOnce = 16;

    public static string IdOf(int number) => $"due-{number}";

    /// <summary>Each is active once, now by the clock given, which is the instance's.</summary>
    public static async Task BringOnlineAsync(this FunctionInstance instance, int users, TimeProvider clock, CancellationToken cancellationToken)
    {
        // The first opens the table.
        await instance.Get<PresenceTable>().OpenAsync(cancellationToken);
        var recorder = instance.Get<ActivityRecorder>();
        await Parallel.ForAsync(
            0,
            users,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => await recorder.RecordAsync(
                PresenceKey.Registered(IdOf(i)), new PresenceEvent.Activity(clock.GetUtcNow()), token: null, token));
    }
}
