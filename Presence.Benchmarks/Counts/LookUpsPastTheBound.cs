using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Counts;

/// <summary>What it costs when a few more users are active than an instance remembers.</summary>
internal sealed class LookUpsPastTheBound : ICounted
{
    private const int Bound = 200;
    private const int Windows = 5;

    private static readonly Pattern EveryTenSeconds = new("every 10 s", Every: 10, AtOnce: 1);

    public string Title => "More active users than `MaxThrottleEntries`";

    public string How =>
        $"`MaxThrottleEntries` is {Bound} here; users call every 10 s and send back no token, one instance. Counted are the requests that read, for "
        + "each user and minute.";

    public async Task<IReadOnlyList<Count>> CountAsync(string storage, CancellationToken cancellationToken) =>
    [
        new("look-ups, as many users as entries", await CountAsync(storage, Bound, cancellationToken), null),
        new("look-ups, 10 % more users than entries", await CountAsync(storage, Bound * 11 / 10, cancellationToken), Goal.AtMost(1.2))
        {
            Spread = 0.05, Least = 0.1,
        },
        new("look-ups, 2.5 times as many users as entries", await CountAsync(storage, Bound * 5 / 2, cancellationToken), Goal: null)
        {
            Spread = 0.05,
        },
    ];

    private static async Task<double> CountAsync(string storage, int users, CancellationToken cancellationToken) =>
        (await ActiveUsers.CountAsync(
            storage, EveryTenSeconds, instances: 1, users, Windows, sendsTokens: false, o => o.MaxThrottleEntries = Bound, cancellationToken))
        .PerUserMinute.LookUps;
}
