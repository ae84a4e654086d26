using Microsoft.Extensions.Time.Testing;
using Presence.Benchmarks.Clients;
using Presence.Core.Options;

namespace Presence.Benchmarks.Counts;

/// <summary>
/// Users who are active without pause, each call through an instance chosen at random. Counted is what they cost once they are under way,
/// over a whole number of throttle windows.
/// </summary>
internal sealed class ActiveUsers : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly Random _random = new(1);
    private readonly FunctionInstance[] _instances;
    private readonly Member[] _members;
    private readonly bool _sendsTokens;

    private ActiveUsers(string storage, int instances, int users, bool sendsTokens, Action<PresenceOptions>? change)
    {
        var table = $"b{Guid.NewGuid():N}";
        _sendsTokens = sendsTokens;
        _instances = [.. Enumerable.Range(0, instances).Select(_ => FunctionInstance.Create(storage, table, _clock, change))];
        _members = [.. Enumerable.Range(1, users).Select(i => new Member(Tokens.ForDevelopment.For($"user-{i}", Start), _random.Next(60)))];
    }

    /// <summary>Whether any call was answered a token to send back.</summary>
    public bool WereGivenTokens { get; private set; }

    /// <param name="storage">The storage account.</param>
    /// <param name="pattern">How each user calls.</param>
    /// <param name="instances">Over how many instances.</param>
    /// <param name="users">How many users.</param>
    /// <param name="windows">For how many windows they are counted.</param>
    /// <param name="sendsTokens">Whether they send back what they are answered.</param>
    /// <param name="change">Changes the settings.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Requests for each user and minute, and whether tokens were given.</returns>
    public static async Task<(StorageRequests PerUserMinute, bool WereGivenTokens)> CountAsync(
        string storage, Pattern pattern, int instances, int users, int windows, bool sendsTokens, Action<PresenceOptions>? change,
        CancellationToken cancellationToken)
    {
        await using var active = new ActiveUsers(storage, instances, users, sendsTokens, change);
        var window = (int)new PresenceOptions().RecordWindow.TotalSeconds;
        await active.LiveAsync(pattern, 2 * window, cancellationToken);
        var before = active.Requests();
        await active.LiveAsync(pattern, windows * window, cancellationToken);
        return ((active.Requests() - before) / (users * windows * window / 60.0), active.WereGivenTokens);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }
    }

    private StorageRequests Requests() => _instances.Aggregate(default(StorageRequests), (sum, instance) => sum + instance.Requests);

    private async Task LiveAsync(Pattern pattern, int seconds, CancellationToken cancellationToken)
    {
        for (var second = 0; second < seconds; second++)
        {
            foreach (var member in _members.Where(m => (second + m.Phase) % pattern.Every == 0))
            {
                await CallAsync(member, pattern.AtOnce, cancellationToken);
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
            foreach (var instance in _instances)
            {
                await instance.WriteHeldAsync(cancellationToken);
            }
        }
    }

    private async Task CallAsync(Member member, int atOnce, CancellationToken cancellationToken)
    {
        var sent = _sendsTokens ? member.Token : null;
        var answers = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => _random.Next(_instances.Length)).ToArray()
            .Select(instance => Task.Run(() => _instances[instance].CallAsync(member.Bearer, sent, cancellationToken), cancellationToken)));
        if (Array.FindLast(answers, answer => answer is not null) is { } token)
        {
            (member.Token, WereGivenTokens) = (token, true);
        }
    }

    private sealed class Member(string bearer, int phase)
    {
        public string Bearer => bearer;

        /// <summary>Not all call in the same second.</summary>
        public int Phase => phase;

        public string? Token { get; set; }
    }
}
