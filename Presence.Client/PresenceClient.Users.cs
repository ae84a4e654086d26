using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Presence.Client.Http;
using Presence.Client.Model;

namespace Presence.Client;

/// <content>Calls of users.</content>
public sealed partial class PresenceClient
{
    private const string Own = "api/presence/me";

    /// <summary>The longest list of ids that stands in a URL, so that the answer can be 304; a longer one stands in the body.</summary>
    private const int MostInUrl = 1_500;

    /// <inheritdoc/>
    public Task<ActivityResult> RecordActivityAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Post("api/activity").SafeTwice(), caller, ClientJson.Default.EnvelopeActivityResult, cancellationToken);

    /// <inheritdoc/>
    public Task<PresenceView> GetPresenceAsync(string userId, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Get("api/presence").With("userId", userId), caller, ClientJson.Default.EnvelopePresenceView, cancellationToken);

    /// <inheritdoc/>
    public async Task<PresenceList> GetPresenceAsync(
        IReadOnlyCollection<string> userIds, string? since = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        var answer = since is not null && Listed(userIds) is { } list
            ? await _transport.AskSinceAsync(
                Get("api/presence").With("ids", list).With("since", since), caller, ClientJson.Default.EnvelopePresenceList, cancellationToken).ConfigureAwait(false)
            : await _transport.AskAsync(
                Post("api/presence").With(new(userIds, since), ClientJson.Default.PresenceBody).SafeTwice(),
                caller,
                ClientJson.Default.EnvelopePresenceList,
                cancellationToken).ConfigureAwait(false);
        return answer ?? new PresenceList { Version = since! };
    }

    /// <inheritdoc/>
    public Task<OwnPresence> GetOwnPresenceAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Get(Own), caller, ClientJson.Default.EnvelopeOwnPresence, cancellationToken);

    /// <inheritdoc/>
    public async Task<PresenceView> SignOutAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default)
    {
        // Asked for once: who has signed out may have none any more.
        var credentials = await _transport.CredentialsOfAsync(caller, cancellationToken).ConfigureAwait(false);
        caller = (caller ?? new()) with { Credentials = credentials };
        var left = await _transport.AskAsync(Delete(Own), caller, ClientJson.Default.EnvelopePresenceView, cancellationToken).ConfigureAwait(false);
        _transport.Forget(credentials);
        return left;
    }

    /// <inheritdoc/>
    public Task<OwnPresence> SetAvailabilityAsync(AvailabilityChoice choice, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(
            Put(Own).With(choice, ClientJson.Default.AvailabilityChoice), caller, ClientJson.Default.EnvelopeOwnPresence, cancellationToken);

    /// <inheritdoc/>
    public Task<OwnPresence> ClearAvailabilityAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Delete($"{Own}/availability"), caller, ClientJson.Default.EnvelopeOwnPresence, cancellationToken);

    /// <inheritdoc/>
    public Task<UserConnections> GetConnectionsAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Get($"{Own}/connections"), caller, ClientJson.Default.EnvelopeUserConnections, cancellationToken);

    /// <inheritdoc/>
    public Task<UserConnections> ChangeConnectionAsync(
        string connectionId, ConnectionChange change, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(
            Put(Connection(connectionId)).With(change, ClientJson.Default.ConnectionChange), caller, ClientJson.Default.EnvelopeUserConnections, cancellationToken);

    /// <inheritdoc/>
    public Task<UserConnections> SignOutConnectionAsync(string connectionId, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Delete(Connection(connectionId)), caller, ClientJson.Default.EnvelopeUserConnections, cancellationToken);

    /// <inheritdoc/>
    public Task<Privacy> GetPrivacyAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Get($"{Own}/privacy"), caller, ClientJson.Default.EnvelopePrivacy, cancellationToken);

    /// <inheritdoc/>
    public Task<Privacy> SetPrivacyAsync(Privacy privacy, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(
            Put($"{Own}/privacy").With(privacy, ClientJson.Default.Privacy), caller, ClientJson.Default.EnvelopePrivacy, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationList> GetConversationsAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Get("api/conversations"), caller, ClientJson.Default.EnvelopeConversationList, cancellationToken);

    /// <inheritdoc/>
    public async Task<RosterPage> GetRosterPageAsync(
        string conversationId, RosterQuery? query = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default)
    {
        var request = Get(Conversation(conversationId, "presence"))
            .With("limit", query?.Limit?.ToString(CultureInfo.InvariantCulture))
            .With("after", query?.After)
            .With("since", query?.Since)
            .With("version", query?.Version);
        return await _transport.AskSinceAsync(request, caller, ClientJson.Default.EnvelopeRosterPage, cancellationToken).ConfigureAwait(false)
            ?? new RosterPage { ConversationId = conversationId, Version = query?.Since ?? "", IsUnchanged = true };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RosterPage> GetRosterPagesAsync(
        string conversationId, string? since = null, int? pageSize = null, PresenceCaller? caller = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new RosterQuery { Limit = pageSize, Since = since };
        while (true)
        {
            var page = await GetRosterPageAsync(conversationId, query, caller, cancellationToken).ConfigureAwait(false);
            yield return page;
            if (page.NextAfter is null)
            {
                yield break;
            }

            query = query with { After = page.NextAfter, Version = page.Version };
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PresenceView> GetRosterAsync(
        string conversationId, int? pageSize = null, PresenceCaller? caller = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in GetRosterPagesAsync(conversationId, since: null, pageSize, caller, cancellationToken).ConfigureAwait(false))
        {
            foreach (var user in page.Users)
            {
                yield return user;
            }
        }
    }

    /// <inheritdoc/>
    public Task<ShownState> ShowStateAsync(
        string conversationId, JsonElement state, TimeSpan? timeToLive = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(
            Put(Conversation(conversationId, "state")).With(new(state, Duration(timeToLive)), ClientJson.Default.StateBody).OnlyOnce(),
            caller,
            ClientJson.Default.EnvelopeShownState,
            cancellationToken);

    /// <inheritdoc/>
    public Task<Explanation> ExplainOwnAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Get($"{Own}/explain"), caller, ClientJson.Default.EnvelopeExplanation, cancellationToken);

    /// <inheritdoc/>
    public Task<UserHistory> GetOwnHistoryAsync(
        DateOnly? fromDay = null, DateOnly? toDay = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(OfDays(Get($"{Own}/history"), fromDay, toDay), caller, ClientJson.Default.EnvelopeUserHistory, cancellationToken);

    /// <inheritdoc/>
    public Task<Forecast> GetForecastAsync(
        string userId, string? timeZone = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(
            Get("api/forecast").With("userId", userId).With("timeZone", timeZone), caller, ClientJson.Default.EnvelopeForecast, cancellationToken);

    /// <inheritdoc/>
    public Task<Forecast> GetOwnForecastAsync(string? timeZone = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(Get($"{Own}/forecast").With("timeZone", timeZone), caller, ClientJson.Default.EnvelopeForecast, cancellationToken);

    /// <inheritdoc/>
    public Task<ConnectionGrant> NegotiateAsync(
        NegotiateRequest? request = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskPlainAsync(
            Post("api/negotiate").With(request ?? new(), ClientJson.Default.NegotiateRequest), caller, ClientJson.Default.ConnectionGrant, cancellationToken);

    /// <inheritdoc/>
    public async Task<WatchList> GetWatchesAsync(
        string connectionId, string? since = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        await _transport.AskSinceAsync(
            Get("api/watches").With("connectionId", connectionId).With("since", since), caller, ClientJson.Default.EnvelopeWatchList, cancellationToken).ConfigureAwait(false)
        ?? new WatchList { ConnectionId = connectionId, Version = since ?? "" };

    /// <inheritdoc/>
    public Task<WatchList> SetWatchesAsync(
        string connectionId, IReadOnlyCollection<string> userIds, string? since = null, PresenceCaller? caller = null,
        CancellationToken cancellationToken = default) => _transport.AskAsync(
            Put("api/watches").With("since", since).With(new(connectionId, userIds), ClientJson.Default.WatchesBody),
            caller,
            ClientJson.Default.EnvelopeWatchList,
            cancellationToken);

    /// <inheritdoc/>
    public Task<WatchList> ChangeWatchesAsync(
        string connectionId, IReadOnlyCollection<string>? add = null, IReadOnlyCollection<string>? remove = null, PresenceCaller? caller = null,
        CancellationToken cancellationToken = default) => _transport.AskAsync(
            Patch("api/watches").With(new(connectionId, add, remove), ClientJson.Default.WatchesChangeBody),
            caller,
            ClientJson.Default.EnvelopeWatchList,
            cancellationToken);

    /// <inheritdoc/>
    public Task<WatchList> ClearWatchesAsync(string connectionId, PresenceCaller? caller = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsync(
            Delete("api/watches").With("connectionId", connectionId), caller, ClientJson.Default.EnvelopeWatchList, cancellationToken);

    private static string? Listed(IReadOnlyCollection<string> userIds) =>
        userIds.Count > 0 && userIds.All(id => id.Length > 0 && !id.Contains(',')) && string.Join(',', userIds) is { Length: <= MostInUrl } list ? list : null;

    private static string Connection(string connectionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionId);
        return $"{Own}/connections/{Uri.EscapeDataString(connectionId)}";
    }

    private static string? Duration(TimeSpan? duration) =>
        duration is { } given ? string.Create(CultureInfo.InvariantCulture, $"PT{given.TotalSeconds:0.###}S") : null;
}
