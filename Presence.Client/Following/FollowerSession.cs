using System.Collections.Immutable;
using System.Text.Json;
using Presence.Client.Http;
using Presence.Client.Model;

namespace Presence.Client.Following;

/// <summary>
/// One connection: waits for the snapshot, says whom to watch, asks what was missed, and hears. One thing asks at a time, and all that is heard
/// meanwhile goes on; only one thread changes what is known.
/// </summary>
internal sealed class FollowerSession(
    IPresenceClient client, PresenceCaller caller, IPresenceLink link, FollowedPresence known, WatchedIds watched,
    PresenceFollowerOptions options, TimeProvider time, Func<double> chance) : IAsyncDisposable
{
    /// <summary>A connection that is not open by then is given up: whoever accepts one may never answer.</summary>
    public static readonly TimeSpan OpenWithin = TimeSpan.FromSeconds(30);

    /// <summary>A connection that has no snapshot by then is given up: the service may have told nobody of it.</summary>
    public static readonly TimeSpan SnapshotWithin = TimeSpan.FromSeconds(10);

    /// <summary>Over how long those are spread who have something to ask because a conversation was told something, all of its members at once.</summary>
    public static readonly TimeSpan SpreadOver = TimeSpan.FromSeconds(30);

    private const int PageSize = 1_000;

    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<string> _rosters = new(StringComparer.Ordinal);
    private ImmutableHashSet<string>? _sent;
    private long _connectedAt;
    private Task<Action>? _asking;
    private Task _resync = Task.CompletedTask;
    private readonly Dictionary<string, Task> _rostersLater = new(StringComparer.Ordinal);
    private Task? _listLater;
    private Task? _pause;
    private long? _settle;

    /// <summary>Opens the connection. What is told from here on is missed by nobody who reads later.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _connectedAt = known.Now;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        await OpenLinkAsync(limit.Token).ConfigureAwait(false);
        await HearSnapshotAsync(limit.Token).ConfigureAwait(false);
        _resync = Task.Delay(options.ResyncEvery, time, _end.Token);
        _settle = _connectedAt;
    }

    /// <summary>Until the connection closes.</summary>
    /// <param name="live">Called when nothing is left to ask.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action live, CancellationToken cancellationToken)
    {
        using var stop = cancellationToken.Register(_end.Cancel);
        var heard = link.Messages.WaitToReadAsync(cancellationToken).AsTask();
        var changed = watched.Changed;
        while (true)
        {
            Ask();
            if (_asking is null && _pause is null)
            {
                if (_settle is { } asked)
                {
                    known.Settle(asked);
                    _settle = null;
                }

                live();
            }

            await Task.WhenAny([heard, changed, _resync, .. _rostersLater.Values, .. new Task?[] { _asking, _listLater, _pause }.OfType<Task>()]).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (heard.IsCompleted)
            {
                if (!await heard.ConfigureAwait(false))
                {
                    throw new InvalidOperationException("The connection was closed.");
                }

                while (link.Messages.TryRead(out var message))
                {
                    Hear(message);
                }

                heard = link.Messages.WaitToReadAsync(cancellationToken).AsTask();
            }

            if (changed.IsCompleted)
            {
                changed = watched.Changed;
            }

            await PassAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await (_asking ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task OpenLinkAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(OpenWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await link.OpenAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The connection did not open.", e);
        }
    }

    /// <summary>What time, and calls that have ended, bring about.</summary>
    private async Task PassAsync()
    {
        if (_asking is { IsCompleted: true } asked)
        {
            _asking = null;
            try
            {
                (await asked.ConfigureAwait(false))();
            }
            catch (PresenceException e) when (e.Code is not (PresenceErrorCode.SignedOut or PresenceErrorCode.NotFound or PresenceErrorCode.Unauthenticated))
            {
                // Asked again, the same, when the server wishes: a call may have been done in part.
                _pause = Task.Delay(PauseAfter(e), time, _end.Token);
            }
        }

        if (_pause is { IsCompleted: true })
        {
            _pause = null;
        }

        if (_listLater is { IsCompleted: true })
        {
            (_listLater, _sent) = (null, null);
        }

        foreach (var (conversation, _) in _rostersLater.Where(one => one.Value.IsCompleted).ToList())
        {
            _rostersLater.Remove(conversation);
            _rosters.Add(conversation);
        }

        if (_resync.IsCompleted)
        {
            _sent = null;
            _rostersLater.Clear();
            _settle = known.Now;
            _rosters.UnionWith(known.Conversations.Values.Where(one => one.Mode != ConversationMode.Counts).Select(one => one.ConversationId));
            _resync = Task.Delay(options.ResyncEvery, time, _end.Token);
        }
    }

    /// <summary>As long as the server says, but never no time; 5 s where it does not say.</summary>
    private static TimeSpan PauseAfter(PresenceException failure) =>
        failure.RetryAfter is not { } wait ? TimeSpan.FromSeconds(5) : wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);

    /// <summary>Deltas wait for the snapshot.</summary>
    private async Task HearSnapshotAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(SnapshotWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var early = new List<LinkMessage>();
        try
        {
            while (true)
            {
                var message = await link.Messages.ReadAsync(either.Token).ConfigureAwait(false);
                if (message.Target == PresenceMessages.Snapshot)
                {
                    Begin(message.Argument, _connectedAt);
                    break;
                }

                early.Add(message);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The connection got no snapshot.", e);
        }

        early.ForEach(Hear);
    }

    private void Hear(LinkMessage message)
    {
        switch (message.Target)
        {
            case PresenceMessages.Status:
                Told(message.Argument.Deserialize(ClientJson.Default.PresenceView)!);
                break;
            case PresenceMessages.StatusBatch:
                Array.ForEach(message.Argument.Deserialize(ClientJson.Default.PresenceViewArray)!, Told);
                break;
            case PresenceMessages.Snapshot:
                Begin(message.Argument, asked: null);
                break;
            case PresenceMessages.Counts:
                known.Counted(message.Argument.Deserialize(ClientJson.Default.CountsMessage)!);
                break;
            case PresenceMessages.Mode:
                Turn(message.Argument.Deserialize(ClientJson.Default.ModeMessage)!);
                break;
            case PresenceMessages.Left:
                Leave(message.Argument.Deserialize(ClientJson.Default.LeftMessage)!.ConversationId);
                break;
        }
    }

    private void Told(PresenceView user)
    {
        if (known.Told(user) is { } joined)
        {
            ReadLater(joined);
        }
    }

    private void Leave(string conversation)
    {
        _rosters.Remove(conversation);
        _rostersLater.Remove(conversation);
        known.Left(conversation);
    }

    private void Begin(JsonElement argument, long? asked)
    {
        var snapshot = argument.Deserialize(ClientJson.Default.SnapshotMessage)!;
        _rosters.UnionWith(known.Snapshot(snapshot, asked));
        if (snapshot.Conversations.Any(one => one.Mode == ConversationMode.Counts))
        {
            _sent = null;
        }
    }

    private void Turn(ModeMessage mode)
    {
        if (known.Turned(mode))
        {
            ReadLater(mode.ConversationId);
        }
        else
        {
            _rosters.Remove(mode.ConversationId);
            _rostersLater.Remove(mode.ConversationId);

            // From now on those who are in it are not named to its members: who is watched has to be said again.
            _listLater ??= Task.Delay(SpreadOver * chance(), time, _end.Token);
        }
    }

    private void ReadLater(string conversation)
    {
        if (!_rosters.Contains(conversation))
        {
            _rostersLater.TryAdd(conversation, Task.Delay(SpreadOver * chance(), time, _end.Token));
        }
    }

    /// <summary>Asks the next thing that is to be asked, if nothing is under way.</summary>
    private void Ask()
    {
        if (_asking is not null || _pause is not null)
        {
            return;
        }

        var now = watched.Now;
        _asking = _sent is null ? now.IsEmpty && !known.Watches ? Nothing(now) : PutAsync(now)
            : !_sent.SetEquals(now) ? PatchAsync(_sent, now)
            : _rosters.Count > 0 ? ReadAsync(_rosters.First())
            : null;
    }

    /// <summary>There is nobody to be told of, and was nobody before.</summary>
    private Task<Action>? Nothing(ImmutableHashSet<string> now)
    {
        _sent = now;
        return _rosters.Count > 0 ? ReadAsync(_rosters.First()) : null;
    }

    private async Task<Action> PutAsync(ImmutableHashSet<string> now)
    {
        var asked = known.Now;
        var answer = await client.SetWatchesAsync(link.ConnectionId, now, known.WatchedSince(now), caller, _end.Token).ConfigureAwait(false);
        return () =>
        {
            known.Watched(now, answer.Users, isWhole: true, asked, answer.Version);
            _sent = now;
        };
    }

    private async Task<Action> PatchAsync(ImmutableHashSet<string> before, ImmutableHashSet<string> now)
    {
        var asked = known.Now;
        var answer = await client.ChangeWatchesAsync(link.ConnectionId, now.Except(before), before.Except(now), caller, _end.Token).ConfigureAwait(false);
        return () =>
        {
            known.Watched(now, answer.Users, isWhole: false, asked, version: null);
            _sent = now;
        };
    }

    private async Task<Action> ReadAsync(string conversation)
    {
        var asked = known.Now;
        var pages = await PagesAsync(conversation, known.VersionOf(conversation)).ConfigureAwait(false);
        if (pages.Any(page => page.IsComplete) && !pages.All(page => page.IsComplete))
        {
            // It changed while it was read: some pages name all, others who changed. Read as a whole it is one thing.
            asked = known.Now;
            pages = await PagesAsync(conversation, "0").ConfigureAwait(false);
        }

        return () =>
        {
            _rosters.Remove(conversation);
            known.Roster(conversation, pages, asked);
        };
    }

    private async Task<IReadOnlyList<RosterPage>> PagesAsync(string conversation, string since)
    {
        var pages = new List<RosterPage>();
        try
        {
            await foreach (var page in client.GetRosterPagesAsync(conversation, since, PageSize, caller, _end.Token).ConfigureAwait(false))
            {
                pages.Add(page);
            }
        }
        catch (PresenceException e) when (e.Code == PresenceErrorCode.Forbidden)
        {
            // Taken out meanwhile; the next connection does not name it any more.
            return [new() { ConversationId = conversation, Version = since, IsUnchanged = true }];
        }

        return pages;
    }
}
