using Presence.Core.Analytics;
using Presence.Core.Domain;
using Presence.Core.Forecasting;
using Presence.Core.Retention;
using Presence.Core.Stats;
using Presence.Core.Webhooks;
using Presence.Functions;
using Presence.Functions.Http;
using static Presence.Tests.Contract.FailureCodes;

namespace Presence.Tests.Contract;

/// <summary>Every route, with what the declarations of functions and types do not say.</summary>
internal static class Operations
{
    private const string QueryForm = "The same with the id in the query, which carries every id.";

    private const string ForecastText =
        "The hours of the next seven days, from the one under way, in which it is here more often than not. Silent where little is known, or nothing can be foretold; "
        + "of a user whose past the caller may not know as of one of whom little is known. `me` is the caller.";

    /// <summary>The headings, and what stands under them.</summary>
    public static IReadOnlyDictionary<string, string> Tags { get; } = new Dictionary<string, string>
    {
        ["activity"] = "That users are active: told by themselves, or by the application's backend for many at once.",
        ["connecting"] = "Where SignalR clients connect, and the connections of a user.",
        ["presence"] = "How users are, and signing out.",
        ["choosing"] = "What users let others see of themselves.",
        ["watching"] = "Whom a connection hears of beside the members of its user's conversations.",
        ["conversations"] = "Who is where, and what members show for a moment.",
        ["history"] = "When users were here, and when somebody was in a conversation, where `HistoryRetention` is not zero.",
        ["members"] = "Who is in which conversation, and who may see whom: said by the application's backend.",
        ["guests"] = "Sessions of anonymous participants: given out by the application's backend.",
        ["events"] = "Every change in a feed, followed by the application's backend.",
        ["webhooks"] = "Every change sent to the application's backend, in signed messages after Standard Webhooks 1.0.",
        ["maintenance"] = "For operators, and for the application's backend.",
        ["health"] = "For whoever watches the app from outside.",
        ["contract"] = "These documents.",
    };

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Activity(), .. Connecting(), .. Presence(), .. Choosing(), .. Watching(), .. Conversations(), .. History(), .. Members(), .. Guests(), .. Events(),
        .. Webhooks(), .. Maintenance(), .. Health(), .. Contract(),
    ];

    private static IEnumerable<Operation> Activity() =>
    [
        new(nameof(ActivityFunctions.RecordActivity), "activity", "Record activity")
        {
            Description = "The answer says when to call next as long as the user is active. A call inside the window is throttled, and costs nothing.",
            IsActivity = true,
            Body = typeof(NoFields),
            Answers = [typeof(ActivityAnswer)],
        },
        new(nameof(ActivityFunctions.RecordActivityBatch), "activity", "Record the activity of many users")
        {
            Description =
                $"Up to {ActivityEntries.Most} users in one execution, each of whom goes the way of a call of its own. Send again those that `failed` names, with the `at` that they had; what is sent twice changes nothing. "
                + "503 is for a batch of which nothing could be recorded.",
            Body = typeof(ActivityEntry),
            MostEntries = ActivityEntries.Most,
            MaxBytes = ActivityEntries.MaxBytes,
            Example = """[{"userId":"alice","at":"2026-11-26T10:00:00Z"},{"userId":"bob","passive":true}]""",
            Answers = [typeof(ActivityBatchAnswer)],
        },
    ];

    private static IEnumerable<Operation> Connecting() =>
    [
        new(nameof(NegotiateFunctions.Negotiate), "connecting", "Ask where to connect")
        {
            Description = "For SignalR clients, whose first step it is. What is granted is good for connecting within 60 s, and the connection ends when the credentials do. No sign of activity.",
            Body = typeof(NegotiateRequest),
            Example = """{"watch":["bob"],"device":"web","foreground":true}""",
            Answers = [typeof(NegotiateAnswer)],
            IsPlain = true,
            Failures = [SignedOut, SignalRUnavailable],
        },
        new(nameof(DeviceFunctions.GetConnections), "connecting", "List the caller's connections") { IsActivity = true, Answers = [typeof(ConnectionsAnswer)] },
        new(nameof(DeviceFunctions.ChangeConnection), "connecting", "Say something else of a connection's device")
        {
            IsActivity = true,
            Body = typeof(DeviceRequest),
            Example = """{"device":"mobile","foreground":false}""",
            Answers = [typeof(ConnectionsAnswer)],
            Failures = [SignedOut, NotFound],
        },
        new(nameof(DeviceFunctions.SignOutConnection), "connecting", "Sign out on one device")
        {
            Description = "Closes the connection; where it has named its device, that device does not connect again with the credentials it has.",
            IsActivity = true,
            Body = typeof(NoFields),
            Answers = [typeof(ConnectionsAnswer)],
            Failures = [SignedOut, NotFound],
        },
    ];

    private static IEnumerable<Operation> Presence() =>
    [
        new(nameof(PresenceFunctions.GetPresence), "presence", "Look up one user")
        {
            Description = "Who may not be seen is answered as an id that nobody knows.",
            IsActivity = true,
            Answers = [typeof(OwnPresence), typeof(PresenceView)],
        },
        new(nameof(PresenceFunctions.GetPresence), "presence", "Look up the caller")
        {
            Id = "GetOwnPresence",
            Path = "api/presence/me",
            IsActivity = true,
            Answers = [typeof(OwnPresence)],
        },
        new(nameof(PresenceFunctions.GetPresenceOfMany), "presence", "Look up several users, or one of any id")
        {
            Description = $"Up to {RequestValues.MaxIds} by `ids`, who are answered as a list; or one by `userId`, who is answered alone. 304 where `since` is there and nothing has changed.",
            IsActivity = true,
            Query = [Parameters.Ids, Parameters.UserInsteadOfIds, Parameters.Since],
            Answers = [typeof(PresenceAnswer), typeof(OwnPresence), typeof(PresenceView)],
            CanBeUnmodified = true,
        },
        new(nameof(PresenceFunctions.FindPresenceOfMany), "presence", "Look up more users than a URL takes")
        {
            IsActivity = true,
            Body = typeof(PresenceRequest),
            MaxBytes = WatchValues.MaxBytes,
            Example = """{"ids":["alice","bob"]}""",
            Answers = [typeof(PresenceAnswer)],
        },
        new(nameof(ForecastFunctions.GetForecast), "presence", "Ask when a user is usually here")
        {
            Description = ForecastText,
            IsActivity = true,
            Query = [Parameters.TimeZone],
            Answers = [typeof(Forecast)],
        },
        new(nameof(ForecastFunctions.GetForecastOfAnyId), "presence", "Ask when a user is usually here, by query")
        {
            Description = QueryForm,
            IsActivity = true,
            Query = [Parameters.UserId, Parameters.TimeZone],
            Answers = [typeof(Forecast)],
        },
        new(nameof(PresenceFunctions.SignOut), "presence", "Sign out")
        {
            Description = "Offline at once, connections closed. Credentials issued until now do not connect any more; a call that is activity brings the user back.",
            Answers = [typeof(PresenceView)],
        },
        new(nameof(ExplanationFunctions.ExplainMe), "presence", "Ask why the caller is as it is")
        {
            Description = "The signal and the rule that made it so, what else is known, and what will change it when. No sign of activity.",
            Answers = [typeof(Explanation)],
        },
    ];

    private static IEnumerable<Operation> Choosing() =>
    [
        new(nameof(AvailabilityFunctions.ChooseAvailability), "choosing", "Choose what others see")
        {
            Description = "Replaces what was chosen before: what is left out is automatic, none, and for ever. No sign of activity.",
            Body = typeof(ChoiceRequest),
            Example = """{"availability":"busy","text":"on a train","emoji":"🚆","until":"PT30M"}""",
            Answers = [typeof(OwnPresence)],
            Failures = [SignedOut],
        },
        new(nameof(AvailabilityFunctions.ResetAvailability), "choosing", "Take a choice back")
        {
            Description = "No sign of activity.",
            Body = typeof(NoFields),
            Answers = [typeof(OwnPresence)],
            Failures = [SignedOut],
        },
        new(nameof(PrivacyFunctions.GetPrivacy), "choosing", "Ask what others may know of the caller") { IsActivity = true, Answers = [typeof(PrivacyAnswer)] },
        new(nameof(PrivacyFunctions.ChoosePrivacy), "choosing", "Choose what others may know")
        {
            Description = "What is left out stays. No sign of activity.",
            Body = typeof(PrivacyRequest),
            Example = """{"visibility":"nobody","lastSeen":"coarse"}""",
            Answers = [typeof(PrivacyAnswer)],
            Failures = [SignedOut],
        },
    ];

    private static IEnumerable<Operation> Watching() =>
    [
        new(nameof(WatchFunctions.GetWatches), "watching", "Read whom a connection watches")
        {
            Description = "304 where `since` is there and nothing has changed. No sign of activity, as all of these.",
            Query = [Parameters.ConnectionId, Parameters.Since],
            Answers = [typeof(WatchesAnswer)],
            CanBeUnmodified = true,
            Failures = [SignedOut, NotFound],
        },
        new(nameof(WatchFunctions.ReplaceWatches), "watching", "Watch these users and no others")
        {
            Query = [Parameters.Since],
            Body = typeof(WatchesRequest),
            MaxBytes = WatchValues.MaxBytes,
            Example = $$"""{"connectionId":"{{Parameters.ConnectionExample}}","ids":["bob"]}""",
            Answers = [typeof(WatchesAnswer)],
            Failures = [SignedOut, NotFound, SignalRUnavailable],
        },
        new(nameof(WatchFunctions.ChangeWatches), "watching", "Watch some besides, and others no more")
        {
            Query = [Parameters.Since],
            Body = typeof(WatchesChangeRequest),
            MaxBytes = 2 * WatchValues.MaxBytes,
            Example = $$"""{"connectionId":"{{Parameters.ConnectionExample}}","add":["bob"],"remove":["carol"]}""",
            Answers = [typeof(WatchesAnswer)],
            Failures = [SignedOut, NotFound, SignalRUnavailable],
        },
        new(nameof(WatchFunctions.RemoveWatches), "watching", "Watch nobody")
        {
            Query = [Parameters.ConnectionId, Parameters.Since],
            Body = typeof(NoFields),
            Answers = [typeof(WatchesAnswer)],
            Failures = [SignedOut, NotFound, SignalRUnavailable],
        },
    ];

    private static IEnumerable<Operation> Conversations() =>
    [
        new(nameof(ConversationFunctions.GetConversations), "conversations", "List the caller's conversations with counts")
        {
            IsActivity = true,
            Answers = [typeof(ConversationsAnswer)],
        },
        new(nameof(ConversationFunctions.GetRoster), "conversations", "Read who is in a conversation")
        {
            Description = "The counts of all, and a page of who. With `since` those who changed, or all; 304 where nothing has changed.",
            IsActivity = true,
            Query = [Parameters.Limit, Parameters.After, Parameters.SinceOfRoster, Parameters.VersionOfPage],
            Answers = [typeof(RosterAnswer)],
            CanBeUnmodified = true,
            Failures = [Forbidden],
        },
        new(nameof(LiveStateFunctions.ShowState), "conversations", "Show a conversation what the caller does at this moment")
        {
            Description = $"Typing, a cursor: any JSON of at most {LiveStateValues.MaxBytes} bytes, told to the members and stored nowhere. Whether anybody has heard it is not waited for.",
            IsActivity = true,
            Body = typeof(LiveStateRequest),
            Example = """{"state":{"typing":true},"ttl":"PT10S"}""",
            Answers = [typeof(LiveStateAnswer)],
            Failures = [Forbidden, RateLimited],
        },
    ];

    private static IEnumerable<Operation> History() =>
    [
        Past(nameof(HistoryFunctions.GetOwnHistory), "Read when the caller was here", typeof(HistoryAnswer)) with
        {
            Description = "As others could see it: nothing of a time in which the caller was invisible or hidden. " + AsDays,
        },
        Past(nameof(HistoryFunctions.GetHistory), "Read when a user was here", typeof(HistoryAnswer)),
        Past(nameof(HistoryFunctions.GetHistoryOfAnyId), "Read when a user was here, by query", typeof(HistoryAnswer)) with
        {
            Description = QueryForm, Query = [Parameters.UserId, Parameters.FromDay, Parameters.ToDay, Parameters.Format],
        },
        Past(nameof(HistoryFunctions.GetConversationHistory), "Read when somebody was in a conversation", typeof(ConversationHistoryAnswer)),
    ];

    private static string AsDays => $"At most {HistoryValues.MaxDays} days; a session stands on the day (UTC) on which it ended. No sign of activity.";

    private static Operation Past(string function, string summary, Type answer) => new(function, "history", summary)
    {
        Description = AsDays,
        Query = [Parameters.FromDay, Parameters.ToDay, Parameters.Format],
        Answers = [answer],
        HasCsv = true,
    };

    private static IEnumerable<Operation> Members() =>
    [
        new(nameof(MembershipFunctions.AddMember), "members", "Put a user into a conversation") { Body = typeof(NoFields), Answers = [typeof(MembershipAnswer)] },
        new(nameof(MembershipFunctions.AddMemberOfAnyId), "members", "Put a user into a conversation, by query")
        {
            Description = QueryForm,
            Query = [Parameters.UserId],
            Body = typeof(NoFields),
            Answers = [typeof(MembershipAnswer)],
        },
        new(nameof(MembershipFunctions.RemoveMember), "members", "Take a user out of a conversation") { Body = typeof(NoFields), Answers = [typeof(MembershipAnswer)] },
        new(nameof(MembershipFunctions.RemoveMemberOfAnyId), "members", "Take a user out of a conversation, by query")
        {
            Description = QueryForm,
            Query = [Parameters.UserId],
            Body = typeof(NoFields),
            Answers = [typeof(MembershipAnswer)],
        },
        new(nameof(VisibilityFunctions.GetVisibility), "members", "Read who may see a user beside whom it shares a conversation with") { Query = [Parameters.UserId], Answers = [typeof(VisibilityAnswer)] },
        Relation(nameof(VisibilityFunctions.Allow), "Let somebody see a user", Parameters.ViewerId),
        Relation(nameof(VisibilityFunctions.Disallow), "Let somebody see a user no more", Parameters.ViewerId),
        Relation(nameof(VisibilityFunctions.Block), "Keep two from seeing each other", Parameters.OtherId),
        Relation(nameof(VisibilityFunctions.Unblock), "Let two see each other again", Parameters.OtherId),
    ];

    private static Operation Relation(string function, string summary, Parameter other) => new(function, "members", summary)
    {
        Query = [Parameters.UserId, other, Parameters.ConversationInstead],
        Body = typeof(NoFields),
        Answers = [typeof(VisibilityAnswer)],
    };

    private static IEnumerable<Operation> Guests() =>
    [
        new(nameof(AnonymousSessionFunctions.CreateAnonymousSession), "guests", "Give a guest a session")
        {
            Description = "The token is shown this once; the guest sends it as `X-Session-Token`.",
            Body = typeof(SessionRequest),
            Example = """{"participantId":"guest-1","lifetimeSeconds":3600}""",
            Answers = [typeof(SessionAnswer)],
        },
        new(nameof(AnonymousSessionFunctions.RevokeAnonymousSessions), "guests", "Revoke all sessions of a guest") { Answers = [typeof(RevokedAnswer)] },
        new(nameof(AnonymousSessionFunctions.RevokeAnonymousSessionsOfAnyId), "guests", "Revoke all sessions of a guest, by query")
        {
            Description = QueryForm,
            Query = [Parameters.ParticipantId],
            Answers = [typeof(RevokedAnswer)],
        },
    ];

    private static IEnumerable<Operation> Events() =>
    [
        new(nameof(EventFunctions.GetEvents), "events", "Read the events after a cursor")
        {
            Description = "Changes of status, availability and membership, and erasures, as CloudEvents 1.0. None is missed by whoever goes on from the `cursor` of the answer before; each is told at least once, "
                + "under the same `id`, and those of one user come in order.",
            Query = [Parameters.AfterEvents, Parameters.LimitOfEvents],
            Answers = [typeof(EventsAnswer)],
            Failures = [NotFound, CursorTooOld],
        },
    ];

    private static IEnumerable<Operation> Webhooks() =>
    [
        new(nameof(WebhookFunctions.GetWebhooks), "webhooks", "List the webhooks and how their deliveries go") { Answers = [typeof(WebhooksAnswer)] },
        new(nameof(WebhookFunctions.AddWebhook), "webhooks", "Have events sent to a URL")
        {
            Description = $"Batches of up to {WebhookMessage.MaxEvents} events or {WebhookMessage.MaxBytes / 1024} KB as CloudEvents 1.0, each at least once. The secret that they are signed with is shown this once. There may be {Webhook.Most} webhooks.",
            Body = typeof(WebhookRequest),
            MaxBytes = WebhookValues.MaxBytes,
            Example = """{"url":"https://hooks.example.com/presence","filter":{"types":["presence.status"],"conversations":["team-1"]}}""",
            Answers = [typeof(WebhookSecretAnswer)],
            Failures = [NotFound, CursorTooOld],
        },
        new(nameof(WebhookFunctions.GetWebhook), "webhooks", "Read one webhook and how its deliveries go") { Answers = [typeof(WebhookAnswer)], Failures = [NotFound] },
        new(nameof(WebhookFunctions.ChangeWebhook), "webhooks", "Change where events are sent and which, disable or enable")
        {
            Description = "What is left out stays; a filter is replaced as a whole.",
            Body = typeof(WebhookChangeRequest),
            MaxBytes = WebhookValues.MaxBytes,
            Example = """{"description":"push messages","enabled":true}""",
            Answers = [typeof(WebhookAnswer)],
            Failures = [NotFound],
        },
        new(nameof(WebhookFunctions.RemoveWebhook), "webhooks", "Send no more events to a URL") { Body = typeof(NoFields), Failures = [NotFound] },
        new(nameof(WebhookFunctions.ExchangeWebhookSecret), "webhooks", "Exchange the secret")
        {
            Description = $"The new one is shown this once. For {WebhookSecrets.Overlap.TotalHours:0} h messages are signed with the one before as well; exchanged again in that time, with the oldest, too.",
            Body = typeof(NoFields),
            Answers = [typeof(WebhookSecretAnswer)],
            Failures = [NotFound],
        },
        new(nameof(WebhookFunctions.ReplayWebhook), "webhooks", "Send again what lies behind a cursor")
        {
            Body = typeof(WebhookReplayRequest),
            Example = "{}",
            Answers = [typeof(WebhookAnswer)],
            Failures = [NotFound, CursorTooOld],
        },
        new(nameof(WebhookFunctions.TestWebhook), "webhooks", "Send a message without events, and say what became of it")
        {
            Description = "Signed like any other. Whatever becomes of it, how the webhook's deliveries go does not change.",
            Body = typeof(NoFields),
            Answers = [typeof(WebhookTestAnswer)],
            Failures = [NotFound],
        },
    ];

    private static IEnumerable<Operation> Maintenance() =>
    [
        new(nameof(MaintenanceFunctions.GetMaintenanceStats), "maintenance", "Read who is online, how many there are, the last sweep, the truth rate and what the month costs") { Answers = [typeof(MaintenanceStats)] },
        new(nameof(MaintenanceFunctions.GetStatusMetrics), "maintenance", "Read activity calls and throttle rate over all instances") { Answers = [typeof(StatusMetricsAnswer)] },
        new(nameof(MaintenanceFunctions.ResetStatusMetrics), "maintenance", "Count them anew from now on"),
        new(nameof(MaintenanceFunctions.SetUserStatus), "maintenance", "Set a status by hand")
        {
            Description = "Announced like any change. Set offline, a user is signed out; who is kept out cannot be set online.",
            Body = typeof(UserStatusRequest),
            Example = """{"userId":"bob","isOnline":false}""",
            Answers = [typeof(PresenceView)],
        },
        new(nameof(MaintenanceFunctions.CleanUpNow), "maintenance", "Remove now what the daily clean-up does")
        {
            Description = "Expired sessions, forgotten guests, old tombstones, what was owed for too long, and old events.",
            Answers = [typeof(CleanupReport)],
        },
        Chosen(nameof(AvailabilityFunctions.SetAvailability), "Choose availability, text and emoji for a user"),
        Chosen(nameof(AvailabilityFunctions.SetAvailabilityOfAnyId), "Choose availability, text and emoji for a user, by query") with { Description = QueryForm, Query = [Parameters.UserId] },
        TakenBack(nameof(AvailabilityFunctions.ClearAvailability), "Take back what was chosen for a user"),
        TakenBack(nameof(AvailabilityFunctions.ClearAvailabilityOfAnyId), "Take back what was chosen for a user, by query") with { Description = QueryForm, Query = [Parameters.UserId] },
        Explained(nameof(ExplanationFunctions.ExplainUser), "Ask why a user is as it is"),
        Explained(nameof(ExplanationFunctions.ExplainUserOfAnyId), "Ask why a user is as it is, by query") with { Description = QueryForm, Query = [Parameters.UserId] },
        Banned(nameof(BanFunctions.BanUser), "Sign a user out and keep it out"),
        Banned(nameof(BanFunctions.BanUserOfAnyId), "Sign a user out and keep it out, by query") with { Description = QueryForm, Query = [Parameters.UserId] },
        Lifted(nameof(BanFunctions.LiftBan), "Let a user in again"),
        Lifted(nameof(BanFunctions.LiftBanOfAnyId), "Let a user in again, by query") with { Description = QueryForm, Query = [Parameters.UserId] },
        Erased(nameof(ErasureFunctions.EraseUser), "Erase a user, every row of it"),
        Erased(nameof(ErasureFunctions.EraseUserOfAnyId), "Erase a user, every row of it, by query") with { Description = QueryForm, Query = [Parameters.UserId] },
        new(nameof(AnalyticsFunctions.GetAnalytics), "maintenance", "Read what all users did, day by day")
        {
            Description = $"At most {HistoryValues.MaxSummedDays} days. Days that are not over, or in which nothing was kept, are missing.",
            Query = [Parameters.FromDay, Parameters.ToDay, Parameters.TimeZone],
            Answers = [typeof(AnalyticsReport)],
        },
        new(nameof(MetricsFunctions.GetMetrics), "maintenance", "Read the metrics of the whole system, for Prometheus") { Text = MetricsReader.ContentType },
    ];

    private static Operation Chosen(string function, string summary) => new(function, "maintenance", summary)
    {
        Body = typeof(ChoiceRequest),
        Example = """{"availability":"busy","text":"in a meeting","until":"PT1H"}""",
        Answers = [typeof(OwnPresence)],
    };

    private static Operation TakenBack(string function, string summary) => new(function, "maintenance", summary) { Body = typeof(NoFields), Answers = [typeof(OwnPresence)] };

    private static Operation Explained(string function, string summary) => new(function, "maintenance", summary) { Answers = [typeof(Explanation)] };

    private static Operation Banned(string function, string summary) => new(function, "maintenance", summary)
    {
        Body = typeof(BanRequest),
        Example = """{"until":"PT1H"}""",
        Answers = [typeof(BanAnswer)],
    };

    private static Operation Lifted(string function, string summary) => new(function, "maintenance", summary) { Body = typeof(NoFields), Answers = [typeof(BanAnswer)] };

    private static Operation Erased(string function, string summary) => new(function, "maintenance", summary) { Body = typeof(NoFields), Answers = [typeof(ErasureAnswer)] };

    private static IEnumerable<Operation> Health() =>
    [
        new(nameof(HealthFunctions.GetHealth), "health", "Ask whether an instance answers")
        {
            Description = "It asks nobody else.", IsOfHealth = true, IsPlain = true, Answers = [typeof(HealthAnswer)],
        },
        new(nameof(HealthFunctions.GetReadiness), "health", "Ask whether all that it needs is within reach")
        {
            Description = "`storage`, `signalr` and, where configured, `identity`, each of which is asked once a second at most.",
            IsOfHealth = true,
            IsPlain = true,
            Answers = [typeof(ReadinessAnswer)],
        },
    ];

    private static IEnumerable<Operation> Contract() =>
    [
        new(nameof(ContractFunctions.GetOpenApi), "contract", "Read the routes as OpenAPI 3.1") { IsDocument = true },
        new(nameof(ContractFunctions.GetAsyncApi), "contract", "Read the messages as AsyncAPI 3.0") { IsDocument = true },
    ];
}
