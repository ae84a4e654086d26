using System.Text.Json.Nodes;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Functions;
using Presence.Functions.Http;

namespace Presence.Tests.Contract;

/// <summary>What stands in queries and paths.</summary>
internal static class Parameters
{
    /// <summary>A connection of the caller in examples: no id that a client could make up.</summary>
    public const string ConnectionExample = "Gx8aN1c7QkmZ2vF0";

    /// <summary>A webhook in examples.</summary>
    public const string WebhookExample = "wh0123456789abcdef0123456789abcdef";

    public static readonly Parameter UserId = new("userId", "The user. A query carries every id, percent-encoded once.", FieldLimits.UserId) { IsRequired = true, Example = "bob" };

    public static readonly Parameter ViewerId = new("viewerId", "Who is to see the user, or no longer; or `conversationId` instead.", FieldLimits.UserId) { Example = "alice" };

    public static readonly Parameter OtherId = new("otherId", "With whom neither is to see the other, or is again; or `conversationId` instead.", FieldLimits.UserId) { Example = "alice" };

    public static readonly Parameter ConversationInstead = new("conversationId", "The same for all members of a conversation at once.", FieldLimits.ConversationIdOf);

    public static readonly Parameter ParticipantId = new("participantId", "The guest, without `anon:`. A query carries every id, percent-encoded once.", _ => Participant()) { IsRequired = true, Example = "guest-1" };

    public static readonly Parameter ConnectionId = new("connectionId", "An open connection of the caller, as its SignalR client knows it.", _ => Text(1)) { IsRequired = true, Example = ConnectionExample };

    public static readonly Parameter Ids = new("ids", $"1 to {RequestValues.MaxIds} users, divided by commas; or `userId` instead.", schemas => new()
    {
        ["type"] = "array",
        ["items"] = FieldLimits.UserId(schemas),
        ["minItems"] = 1,
    }) { Example = "alice,bob" };

    public static readonly Parameter UserInsteadOfIds = new("userId", "One user, whatever its id; or `ids` instead.", FieldLimits.UserId);

    public static readonly Parameter Since = new("since", "The `version` of an earlier answer about the same users: only those come back who may have changed since.", _ => Version());

    public static readonly Parameter SinceOfRoster = new("since", "The `version` that the caller has, or `0`: the answer names who has changed, or all.", _ => VersionOfRoster());

    public static readonly Parameter VersionOfPage = new("version", "For pages after the first: the `version` of the page before.", _ => VersionOfRoster());

    public static readonly Parameter Limit = new("limit", $"How many users a page names at most; {ConversationFunctions.DefaultPage} without it.", _ => new()
    {
        ["type"] = "integer",
        ["minimum"] = 1,
        ["maximum"] = ConversationFunctions.MaxPage,
        ["default"] = ConversationFunctions.DefaultPage,
    }) { Example = "50" };

    public static readonly Parameter LimitOfEvents = new("limit", $"How many events a page holds at most; {EventFunctions.DefaultPage} without it.", _ => new()
    {
        ["type"] = "integer",
        ["minimum"] = 1,
        ["maximum"] = EventFeed.MostAtOnce,
        ["default"] = EventFunctions.DefaultPage,
    }) { Example = "100" };

    public static readonly Parameter AfterEvents = new("after", $"The `cursor` of the answer before; or `{EventFunctions.Latest}` for a cursor from now on. Without it the oldest events that are kept come first.", _ => new()
    {
        ["type"] = "string",
        ["maxLength"] = EventCursor.MaxLength,
        ["pattern"] = "^[A-Za-z0-9_-]*$",
    }) { Example = EventFunctions.Latest };

    public static readonly Parameter FromDay = new("from", "The first day, UTC; 30 days up to the last one without it.", _ => Day()) { Example = "2026-11-01" };

    public static readonly Parameter ToDay = new("to", "The last day, UTC; today without it.", _ => Day()) { Example = "2026-11-26" };

    public static readonly Parameter Format = new("format", "`json` or `csv`; without it `Accept: text/csv` asks for CSV as well.", _ => FieldLimits.Words(["json", "csv"]));

    public static readonly Parameter TimeZone = new("timeZone", "The IANA id of the time zone of the hours; UTC without it.", _ => new()
    {
        ["type"] = "string",
        ["pattern"] = "^([A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2})?$",
        ["maxLength"] = HistoryValues.MaxTimeZone,
    }) { Example = "Europe/Berlin" };

    public static readonly Parameter After = new("after", "The `nextAfter` of the page before.", _ => new() { ["type"] = "string" });

    /// <summary>What may stand in paths, by its name in routes.</summary>
    public static IReadOnlyDictionary<string, Parameter> InPaths { get; } = new[]
    {
        UserId with { Description = "The user. An id with `%`, `/` or `\\` is refused here: write it into the query." },
        ParticipantId with { Description = "The guest, without `anon:`. An id with `%`, `/` or `\\` is refused here: write it into the query." },
        ConnectionId,
        new("conversationId", "The conversation.", FieldLimits.ConversationIdOf) { Example = "team-1" },
        new("webhookId", "The webhook.", _ => new() { ["type"] = "string", ["pattern"] = FieldLimits.WebhookIds }) { Example = WebhookExample },
    }.ToDictionary(parameter => parameter.Name);

    /// <summary>What a call that is activity may say of it, by the names of headers.</summary>
    public static IReadOnlyDictionary<string, Parameter> OfActivity { get; } = new[]
    {
        new Parameter(RequestValues.ActivityHeader, "`passive` for a call that is no sign of activity, such as one that a page makes by itself.", _ => FieldLimits.Words(["active", "passive"])),
        new Parameter(RequestValues.ActiveAtHeader, "When the user did what the call tells of, where that was earlier.", _ => Moment()),
        new Parameter(RequestValues.TokenHeader, "The last one that an answer brought to this user; without it everything works as well, for more storage requests.", _ => new() { ["type"] = "string" }),
        new Parameter(RequestValues.ConnectedHeader, "`true` from a client that holds a SignalR connection itself: it is asked for calls less often.", _ => FieldLimits.Words(["true", "false"])),
    }.ToDictionary(parameter => parameter.Name);

    private static JsonObject Moment() => new() { ["type"] = "string", ["pattern"] = FieldLimits.Moments, ["examples"] = new JsonArray("2026-11-25T10:15:00Z") };

    private static JsonObject Day() => new() { ["type"] = "string", ["pattern"] = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" };

    private static JsonObject Participant() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = PresenceKey.MaxIdLength };

    private static JsonObject Version() => new() { ["type"] = "string", ["pattern"] = "^[0-9]{0,14}$" };

    private static JsonObject VersionOfRoster() => new() { ["type"] = "string", ["maxLength"] = RosterVersion.MaxLength, ["pattern"] = "^[A-Za-z0-9_-]*$" };

    private static JsonObject Text(int least) => new() { ["type"] = "string", ["minLength"] = least };
}
