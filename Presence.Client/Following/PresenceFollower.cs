using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Presence.Client.Model;

namespace Presence.Client.Following;

/// <summary>
/// Follows presence over a connection to the SignalR service, as one user: hears that user's conversations, and whom it watches besides. Connects again
/// by itself, and then asks what it has missed. Following is no activity.
/// </summary>
public sealed partial class PresenceFollower : IAsyncDisposable
{
    private readonly IPresenceClient _client;
    private readonly PresenceFollowerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LinkFactory _link;
    private readonly Func<double> _chance;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly FollowedPresence _known;
    private readonly WatchedIds _watched;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableList<ChangeFeed> _feeds = [];
    private TaskCompletionSource _live = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _running;
    private bool _isDisposed;
    private volatile FollowerState _state;

    /// <summary>Creates it; it begins with <see cref="Start"/>.</summary>
    /// <param name="client">By which it negotiates, and asks.</param>
    /// <param name="options">Whom it follows, and as whom.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="logger">Is told why it has to connect again; null for nobody.</param>
    public PresenceFollower(IPresenceClient client, PresenceFollowerOptions options, TimeProvider? time = null, ILogger<PresenceFollower>? logger = null)
        : this(client, options, time ?? TimeProvider.System, logger ?? NullLogger<PresenceFollower>.Instance, grant => new SignalRLink(grant), Random.Shared.NextDouble)
    {
    }

    internal PresenceFollower(
        IPresenceClient client, PresenceFollowerOptions options, TimeProvider time, ILogger logger, LinkFactory link, Func<double> chance)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChangesKept, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ResyncEvery, TimeSpan.FromSeconds(1));
        (_client, _options, _time, _logger, _link, _chance) = (client, options, time, logger, link, chance);
        _known = new(Tell);
        _watched = new(options.Watch);
    }

    /// <summary>How it stands.</summary>
    public FollowerState State => _state;

    /// <summary>Everybody it knows of, as of now; those who have left among them.</summary>
    public IReadOnlyDictionary<string, PresenceView> Users => _known.Users;

    /// <summary>All conversations it hears, as of now.</summary>
    public IReadOnlyDictionary<string, FollowedConversation> Conversations => _known.Conversations;

    /// <summary>Begins. Does not wait for anything: see <see cref="WhenLiveAsync"/>.</summary>
    public void Start()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _running ??= Task.Run(() => RunAsync(_stop.Token));
        }
    }

    /// <summary>Ends when it hears of every change, and has asked all it may have missed.</summary>
    /// <exception cref="PresenceException">It has ended: the user has signed out.</exception>
    public Task WhenLiveAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return _live.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Every change from now on, until it is stopped, or the user signs out. Each reader hears all; one that is too slow is told how many it missed.
    /// </summary>
    public async IAsyncEnumerable<PresenceChange> ReadChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var feed = new ChangeFeed(_options.ChangesKept);
        lock (_lock)
        {
            _feeds = _feeds.Add(feed);
            if (_ended.Task.IsCompleted)
            {
                feed.End();
            }
        }

        try
        {
            await foreach (var change in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _feeds = _feeds.Remove(feed);
            }
        }
    }

    /// <summary>Watches further users. What is said of them comes as changes.</summary>
    /// <exception cref="ArgumentException">They are more than a connection watches.</exception>
    public void Watch(params IReadOnlyCollection<string> userIds) => _watched.Add(userIds);

    /// <summary>Watches these no more.</summary>
    public void Unwatch(params IReadOnlyCollection<string> userIds) => _watched.Remove(userIds);

    /// <summary>Closes the connection, and ends what readers read.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            (_isDisposed, running) = (true, _running);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await (running ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End(FollowerState.Stopped, new OperationCanceledException("The follower was stopped."));
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var reconnecting = new Reconnecting(_chance);
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan? retryAfter = null;
            try
            {
                _state = FollowerState.Connecting;
                await FollowOnceAsync(reconnecting, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (PresenceException e) when (e.Code == PresenceErrorCode.SignedOut)
            {
                LogSignedOut();
                End(FollowerState.SignedOut, e);
                return;
            }
            catch (Exception e)
            {
                LogLost(e);
                retryAfter = (e as PresenceException)?.RetryAfter;
            }

            NotLive();
            _state = FollowerState.Waiting;
            await Task.Delay(reconnecting.Next(retryAfter), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>From negotiating to the end of the connection.</summary>
    private async Task FollowOnceAsync(Reconnecting reconnecting, CancellationToken cancellationToken)
    {
        var caller = new PresenceCaller
        {
            Credentials = _options.GetCredentials is { } get ? await get(cancellationToken).ConfigureAwait(false) : null,
            IsPassive = true,
        };
        var grant = await _client.NegotiateAsync(new() { Device = _options.Device }, caller, cancellationToken).ConfigureAwait(false);
        await using var link = _link(grant);
        await using var session = new FollowerSession(_client, caller, link, _known, _watched, _options, _time, _chance);
        await session.OpenAsync(cancellationToken).ConfigureAwait(false);
        await session.RunAsync(
            () =>
            {
                // Not before: a connection that is refused what it asks is no success, and the next try has to wait longer.
                reconnecting.Succeeded();
                IsLive();
            },
            cancellationToken).ConfigureAwait(false);
    }

    private void Tell(PresenceChange change)
    {
        foreach (var feed in Volatile.Read(ref _feeds))
        {
            feed.Tell(change);
        }
    }

    private void IsLive()
    {
        lock (_lock)
        {
            _state = FollowerState.Live;
            _live.TrySetResult();
        }
    }

    private void NotLive()
    {
        lock (_lock)
        {
            if (_live.Task.IsCompleted)
            {
                _live = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void End(FollowerState state, Exception why)
    {
        lock (_lock)
        {
            if (!_ended.TrySetResult())
            {
                return;
            }

            _state = state;
            NotLive();
            _live.TrySetException(why);
            _ = _live.Task.Exception;
            _feeds.ForEach(feed => feed.End());
        }
    }

    [LoggerMessage(EventName = "ConnectionLost", Level = LogLevel.Information, Message = "The connection is lost, or did not come about; it is tried again.")]
    private partial void LogLost(Exception exception);

    [LoggerMessage(EventName = "FollowerSignedOut", Level = LogLevel.Warning, Message = "The user has signed out; the follower does not connect again.")]
    private partial void LogSignedOut();
}
