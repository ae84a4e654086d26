using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Presence.Chaos.Judgement;

namespace Presence.Chaos.Clients;

/// <summary>
/// A client that stays connected by itself: it reconnects automatically, starts anew when that ends, or when it was connected and not
/// welcomed with a snapshot, and stops for good when it is told that it is out.
/// </summary>
internal sealed class LiveConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan WelcomeWithin = TimeSpan.FromSeconds(5);

    /// <summary>Longer than an instance answers a roster from memory.</summary>
    private static readonly TimeSpan RosterIsFreshAfter = TimeSpan.FromSeconds(3);


    private readonly string _name;
    private readonly Caller _caller;
    private readonly string[] _watch;
    private readonly Journal _journal;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Span> _listening = [];
    private readonly KnownStates _known = new();
    private readonly Task _running;
    private TaskCompletionSource _welcomed = NewSignal();
    private DateTimeOffset? _listeningSince;

    public LiveConnection(string name, Caller caller, Journal journal, params string[] watch)
    {
        (_name, _caller, _journal, _watch) = (name, caller, journal, watch);
        _running = RunAsync();
    }

    public string Name => _name;

    /// <summary>Told that it is out, it does not come again.</summary>
    public bool IsOut { get; private set; }

    public bool IsListening => Read(() => _listeningSince is not null);

    private static TimeProvider Time => TimeProvider.System;

    public State? Known(string user) => Read(() => _known.Of(user));

    /// <summary>When it could hear all that it is to hear.</summary>
    public IReadOnlyList<Span> Listening() =>
        Read(() => _listeningSince is { } since ? [.. _listening, new Span(since, To: null)] : _listening.ToArray());

    public Task WelcomedAsync(TimeSpan within) => Read(() => _welcomed.Task).WaitAsync(within, Time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        while (!_stop.IsCancellationRequested && !IsOut)
        {
            try
            {
                await ConnectOnceAsync();
            }
            catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            {
                IsOut = true;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever kept it from connecting, it tries again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when the connection has ended and does not come back by itself.</summary>
    private async Task ConnectOnceAsync()
    {
        await using var connection = Build();
        var closed = NewSignal();
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        connection.Reconnecting += _ =>
        {
            Deaf();
            return Task.CompletedTask;
        };
        connection.Reconnected += _ =>
        {
            _journal.AddConnection();
            return Task.CompletedTask;
        };
        try
        {
            using (var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
            {
                patience.CancelAfter(Patience);
                await connection.StartAsync(patience.Token);
            }

            _journal.AddConnection();
            await StayAsync(connection, closed.Task);
        }
        finally
        {
            Deaf();
        }
    }

    /// <summary>Until the connection has ended, or is there and nobody welcomes it.</summary>
    private async Task StayAsync(HubConnection connection, Task closed)
    {
        var unwelcome = TimeSpan.Zero;
        var look = TimeSpan.FromMilliseconds(250);
        while (!closed.IsCompleted && !_stop.IsCancellationRequested && unwelcome < WelcomeWithin)
        {
            await Task.WhenAny(closed, Task.Delay(look, Time, _stop.Token));
            unwelcome = connection.State != HubConnectionState.Connected || IsListening ? TimeSpan.Zero : unwelcome + look;
        }
    }

    private HubConnection Build()
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(_caller.Server, "api"), options =>
        {
            if (_watch.Length > 0)
            {
                options.HttpMessageHandlerFactory = inner => new WatchListHandler(inner, _watch);
            }

            if (_caller.Credentials is not var (name, value))
            {
                return;
            }

            if (name == "Authorization")
            {
                // For the negotiation only; it gives way to the token that is granted.
                options.AccessTokenProvider = () => Task.FromResult<string?>(value["Bearer ".Length..]);
            }
            else
            {
                options.Headers[name] = value;
            }
        }).WithAutomaticReconnect(new Persistent(() => IsOut = true));
        var connection = builder.Build();
        connection.On<JsonElement>("user:status", view => Hear([State.Read(view)]));
        connection.On<JsonElement>("user:status:batch", views => Hear([.. views.EnumerateArray().Select(State.Read)]));
        connection.On<JsonElement>("presence:snapshot", Welcome);
        connection.On<JsonElement>(
            "conversation:left", left => _journal.Leavings.Enqueue((_name, left.GetProperty("conversationId").GetString()!, Time.GetUtcNow())));
        return connection;
    }

    private void Hear(State[] news)
    {
        lock (_gate)
        {
            foreach (var state in news)
            {
                _journal.Heard.Enqueue(new(_name, state, Time.GetUtcNow(), IsAnnouncement: true, IsNew: _known.Hear(state)));
            }
        }
    }

    private void Welcome(JsonElement snapshot)
    {
        foreach (var conversation in KnownStates.Incomplete(snapshot))
        {
            _ = CompleteAsync(conversation);
        }

        lock (_gate)
        {
            foreach (var (state, isNew) in _known.Welcome(snapshot))
            {
                _journal.Heard.Enqueue(new(_name, state, Time.GetUtcNow(), IsAnnouncement: false, isNew));
            }

            _listeningSince ??= Time.GetUtcNow();
            _welcomed.TrySetResult();
        }
    }

    /// <summary>What the snapshot leaves out. An instance may answer a roster from memory for a while: asked for later, it is of after the connection.</summary>
    private async Task CompleteAsync(string conversation)
    {
        try
        {
            await Task.Delay(RosterIsFreshAfter, Time, _stop.Token);
            var roster = new List<State>();
            for (var after = ""; ;)
            {
                var page = (await _caller.AskAsync($"api/conversations/{conversation}/presence?limit=1000{after}", _stop.Token)).Data!.Value;
                roster.AddRange(page.GetProperty("users").EnumerateArray().Select(State.Read));
                if (page.GetProperty("nextAfter").GetString() is not { } next)
                {
                    break;
                }

                after = $"&after={Uri.EscapeDataString(next)}";
            }

            lock (_gate)
            {
                foreach (var (state, isNew) in _known.Complete(conversation, roster))
                {
                    _journal.Heard.Enqueue(new(_name, state, Time.GetUtcNow(), IsAnnouncement: false, isNew));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            // The connection has ended, or what it does not know now it shows at the end.
        }
    }

    private void Deaf()
    {
        lock (_gate)
        {
            _known.Connecting();
            if (_listeningSince is { } since)
            {
                _listening.Add(new(since, Time.GetUtcNow()));
                (_listeningSince, _welcomed) = (null, NewSignal());
            }
        }
    }

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tries again for ever, unless it is told that it is out.</summary>
    private sealed class Persistent(Action toldOut) : IRetryPolicy
    {
        public TimeSpan? NextRetryDelay(RetryContext retryContext)
        {
            if (retryContext.RetryReason is HttpRequestException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized })
            {
                toldOut();
                return null;
            }

            return TimeSpan.FromMilliseconds(Random.Shared.Next(100, 700));
        }
    }
}
