using Presence.Benchmarks.Clients;
using Presence.Chaos.Processes;

namespace Presence.Benchmarks.Broadcast;

/// <summary>A local host, and connected clients that watch one user.</summary>
internal sealed class PresenceBroadcast : IAsyncDisposable
{
    private const string Watched = "the-one";
    private const int ConnectAtOnce = 8;
    private const int MostTries = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HostProcess _host;
    private readonly HttpClient _http = LocalHosts.CreateHttp();
    private readonly Api _api;
    private readonly string _bearer = Tokens.ForDevelopment.For(Watched, TimeProvider.System.GetUtcNow());
    private readonly LeanConnection[] _watchers;
    private Round _round;

    private PresenceBroadcast(HostProcess host, int watchers)
    {
        (_host, _watchers, _round) = (host, new LeanConnection[watchers], new(watchers));
        _api = new Api(_http, host.Address);
    }

    private static ReadOnlySpan<byte> Online => "\"isOnline\":true"u8;

    private static ReadOnlySpan<byte> Told => "\"target\":\"user:status"u8;

    public static async Task<PresenceBroadcast> StartAsync(string storage, int watchers, CancellationToken cancellationToken)
    {
        // In no conversation: each watcher hears of the one it watches alone, whom it may see all the same.
        var settings = LocalHosts.Settings(
            storage, signalR: null, ("Presence__DefaultConversation", ""), ("Presence__Visibility", "Everybody"));
        var broadcast = new PresenceBroadcast(await LocalHosts.StartAsync(settings, cancellationToken), watchers);
        try
        {
            await broadcast.ConnectAsync(cancellationToken);
            return broadcast;
        }
        catch
        {
            await broadcast.DisposeAsync();
            throw;
        }
    }

    public async Task<Reach> RoundAsync(CancellationToken cancellationToken)
    {
        await _api.SetStatusAsync(Watched, isOnline: false, cancellationToken);

        // What is told of leaving is to be over before the news that is timed: nothing else is on its way then.
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellationToken);
        var round = _round = new(_watchers.Length);
        await _api.RecordActivityAsync(_bearer, cancellationToken);
        return await round.Over.WaitAsync(Patience, TimeProvider.System, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_watchers.OfType<LeanConnection>().Select(watcher => watcher.DisposeAsync().AsTask()));
        _host.Dispose();
        _http.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var snapshots = new CountdownEvent(_watchers.Length);
        var now = TimeProvider.System.GetUtcNow();
        await Parallel.ForAsync(
            0,
            _watchers.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ConnectAtOnce, CancellationToken = cancellationToken },
            async (i, token) => _watchers[i] = await ConnectAsync($"watcher-{i}", now, snapshots, token));
        for (var tries = 0; !snapshots.IsSet; tries++)
        {
            if (tries == 600)
            {
                throw new TimeoutException($"{snapshots.CurrentCount} of {_watchers.Length} watchers were not welcomed");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    private async Task<LeanConnection> ConnectAsync(string user, DateTimeOffset now, CountdownEvent snapshots, CancellationToken cancellationToken)
    {
        // A host that is busy refuses some of them for a while; they are to be there before anything is measured.
        for (var tries = 1; ; tries++)
        {
            var grant = await _api.NegotiateAsync(Tokens.ForDevelopment.For(user, now), [Watched], cancellationToken);
            if (grant.Status == 200)
            {
                return await LeanConnection.ConnectAsync(
                    grant.Url, grant.AccessToken, message => Hear(message.Span, snapshots), cancellationToken);
            }

            if (tries == MostTries)
            {
                throw new TimeoutException($"a watcher was refused {tries} times, lastly with {grant.Status}");
            }

            await Task.Delay(grant.RetryAfter ?? TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        }
    }

    private void Hear(ReadOnlySpan<byte> message, CountdownEvent snapshots)
    {
        if (message.IndexOf(Told) < 0)
        {
            snapshots.Signal();
        }
        else if (message.IndexOf(Online) >= 0)
        {
            _round.Heard();
        }
    }

    /// <summary>One call, and who has heard of it.</summary>
    private sealed class Round(int watchers)
    {
        private readonly TaskCompletionSource<Reach> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long _since = TimeProvider.System.GetTimestamp();
        private double _first;
        private int _heard;

        public Task<Reach> Over => _over.Task;

        public void Heard()
        {
            var took = TimeProvider.System.GetElapsedTime(_since).TotalMilliseconds;
            var heard = Interlocked.Increment(ref _heard);
            if (heard == 1)
            {
                _first = took;
            }

            if (heard == watchers)
            {
                _over.TrySetResult(new(_first, took));
            }
        }
    }
}
