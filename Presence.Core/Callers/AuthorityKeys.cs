using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Presence.Core.Concurrency;

namespace Presence.Core.Callers;

/// <summary>
/// The keys of an OpenID Connect authority. All calls share one fetch at a time, and fetches keep a pause between them, so that strangers
/// with invented key ids cost the authority little; but a token is never judged by keys that were asked for before it came. Keys once
/// known stay until others are.
/// </summary>
/// <remarks>
/// <c>ConfigurationManager</c> answers with the keys it has while it fetches behind the call, and then fetches none for five minutes: each
/// token under a new key in that time is refused.
/// </remarks>
internal sealed partial class AuthorityKeys(string authority, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Between the end of one fetch and the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>How long a call waits at most. A fetch may take longer, for those who come later.</summary>
    public static readonly TimeSpan MostWait = TimeSpan.FromSeconds(4.5);

    /// <summary>How long one fetch may take, over both documents.</summary>
    public static readonly TimeSpan MostFetch = TimeSpan.FromSeconds(10);

    /// <summary>After so long, keys are fetched again behind a call: the authority may have withdrawn some.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    /// <summary>How many calls may wait for the end of the pause: they are as likely strangers', and each holds a place in the host.</summary>
    public const int MostQueued = 16;

    private static readonly TimeSpan RefreshPause = TimeSpan.FromMinutes(1);

    private readonly string _address = authority.TrimEnd('/') + "/.well-known/openid-configuration";
    private readonly AuthorityDocuments _documents = new();
    private readonly IntervalGate _logTurn = new(TimeSpan.FromSeconds(10), time);
    private readonly Lock _lock = new();
    private AuthorityKeySet? _known;
    private long _knownAt;
    private Task? _flight;
    private int _begun;
    private bool _isPausing;
    private int _queued;
    private long? _endedAt;
    private Exception? _failure;

    /// <summary>
    /// What a token is to be judged by, one after the other until it holds: the keys known, then newer ones. The last were asked for after
    /// this began, so that what does not hold by them does not hold.
    /// </summary>
    /// <exception cref="IdentityProviderUnavailableException">There are no such keys to be had, or not soon.</exception>
    public async IAsyncEnumerable<AuthorityKeySet> InTurnAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var begun = Volatile.Read(ref _begun);
        var judged = 0;
        if (Known() is { } known)
        {
            yield return known;
            judged = known.Fetch;
        }

        using var limit = new CancellationTokenSource(MostWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (judged <= begun)
        {
            var newer = await FetchedAfterAsync(judged, either.Token, cancellationToken);
            yield return newer;
            judged = newer.Fetch;
        }
    }

    public void Dispose() => _documents.Dispose();

    private AuthorityKeySet? Known()
    {
        lock (_lock)
        {
            if (_known is not null && time.GetElapsedTime(_knownAt) >= GoodFor && !EndedWithin(RefreshPause))
            {
                Join();
            }

            return _known;
        }
    }

    private async Task<AuthorityKeySet> FetchedAfterAsync(int fetch, CancellationToken limit, CancellationToken caller)
    {
        while (true)
        {
            Task flight;
            lock (_lock)
            {
                if (_known is { } known && known.Fetch > fetch)
                {
                    return known;
                }

                if (_failure is { } failure && EndedWithin(Pause))
                {
                    throw new IdentityProviderUnavailableException(failure);
                }

                flight = Join();
                if (_isPausing && ++_queued > MostQueued)
                {
                    throw new IdentityProviderUnavailableException(new InvalidOperationException("Too many calls wait for the authority's keys."));
                }
            }

            try
            {
                await flight.WaitAsync(limit);
            }
            catch (OperationCanceledException e) when (!caller.IsCancellationRequested)
            {
                throw new IdentityProviderUnavailableException(e);
            }
        }
    }

    private bool EndedWithin(TimeSpan span) => _endedAt is { } ended && time.GetElapsedTime(ended) < span;

    private Task Join() => _flight is { IsCompleted: false } ? _flight : _flight = FetchInTurnAsync();

    /// <summary>Never fails: what went wrong is kept beside the keys.</summary>
    private async Task FetchInTurnAsync()
    {
        if (EndedWithin(Pause))
        {
            (_isPausing, _queued) = (true, 0);
            await Task.Delay(Pause - time.GetElapsedTime(_endedAt!.Value), time);
        }
        else
        {
            await Task.Yield();
        }

        int fetch;
        lock (_lock)
        {
            _isPausing = false;
            fetch = ++_begun;
        }

        try
        {
            using var limit = new CancellationTokenSource(MostFetch, time);
            var keys = new AuthorityKeySet(await OpenIdConnectConfigurationRetriever.GetAsync(_address, _documents, limit.Token), fetch);
            End(keys, failure: null);
        }
        // The documents are somebody else's: whatever cannot be read in them is keys that cannot be had.
        catch (Exception e)
        {
            if (_logTurn.TryTake())
            {
                LogFailure(e);
            }

            End(keys: null, e);
        }
    }

    private void End(AuthorityKeySet? keys, Exception? failure)
    {
        lock (_lock)
        {
            (_endedAt, _failure) = (time.GetTimestamp(), failure);
            if (keys is not null)
            {
                (_known, _knownAt) = (keys, _endedAt.Value);
            }
        }
    }

    [LoggerMessage(
        EventName = "AuthorityKeysUnavailable", Level = LogLevel.Warning,
        Message = "The authority's keys could not be fetched: tokens under keys not yet known are answered 503.")]
    private partial void LogFailure(Exception exception);
}
