using System.Text.Json.Serialization.Metadata;
using Presence.Client.Following;
using Presence.Client.Http;
using Presence.Client.Model;
using Presence.Functions.Http;

namespace Presence.Tests.Client;

/// <summary>The client knows nothing of the server's types. Here both are laid side by side: what one writes, the other must read.</summary>
public class ContractTests
{
    public static TheoryData<Type, Type> Answers => new()
    {
        { typeof(ActivityAnswer), typeof(ActivityResult) },
        { typeof(ActivityBatchAnswer), typeof(ActivityBatchResult) },
        { typeof(Presence.Core.Domain.PresenceView), typeof(PresenceView) },
        { typeof(Presence.Core.Domain.OwnPresence), typeof(OwnPresence) },
        { typeof(PresenceAnswer), typeof(PresenceList) },
        { typeof(WatchesAnswer), typeof(WatchList) },
        { typeof(ConnectionsAnswer), typeof(UserConnections) },
        { typeof(PrivacyAnswer), typeof(Privacy) },
        { typeof(VisibilityAnswer), typeof(VisibilityRelations) },
        { typeof(ConversationsAnswer), typeof(ConversationList) },
        { typeof(RosterAnswer), typeof(RosterPage) },
        { typeof(LiveStateAnswer), typeof(ShownState) },
        { typeof(Presence.Core.Domain.Explanation), typeof(Explanation) },
        { typeof(MembershipAnswer), typeof(Membership) },
        { typeof(SessionAnswer), typeof(AnonymousSession) },
        { typeof(RevokedAnswer), typeof(RevokedSessions) },
        { typeof(Presence.Core.Stats.MaintenanceStats), typeof(MaintenanceStats) },
        { typeof(StatusMetricsAnswer), typeof(StatusMetrics) },
        { typeof(Presence.Core.Retention.CleanupReport), typeof(CleanupReport) },
        { typeof(BanAnswer), typeof(Ban) },
        { typeof(ErasureAnswer), typeof(Erasure) },
        { typeof(HistoryAnswer), typeof(UserHistory) },
        { typeof(ConversationHistoryAnswer), typeof(ConversationHistory) },
        { typeof(Presence.Core.Analytics.AnalyticsReport), typeof(AnalyticsReport) },
        { typeof(Presence.Core.Forecasting.Forecast), typeof(Forecast) },
        { typeof(EventsAnswer), typeof(EventPage) },
        { typeof(WebhooksAnswer), typeof(WebhookList) },
        { typeof(WebhookAnswer), typeof(Webhook) },
        { typeof(WebhookSecretAnswer), typeof(WebhookSecret) },
        { typeof(WebhookTestAnswer), typeof(WebhookTestResult) },
        { typeof(NegotiateAnswer), typeof(ConnectionGrant) },
        { typeof(ReadinessAnswer), typeof(Health) },
        { typeof(Presence.Core.Domain.Snapshot), typeof(SnapshotMessage) },
        { typeof(Presence.Core.Domain.CountsMessage), typeof(CountsMessage) },
        { typeof(Presence.Core.Domain.ModeMessage), typeof(ModeMessage) },
        { typeof(Presence.Core.Domain.LeftMessage), typeof(LeftMessage) },
    };

    public static TheoryData<Type, Type> Bodies => new()
    {
        { typeof(Presence.Functions.Http.ActivityEntry), typeof(Presence.Client.Model.ActivityEntry) },
        { typeof(Presence.Functions.Http.NegotiateRequest), typeof(Presence.Client.Model.NegotiateRequest) },
        { typeof(DeviceRequest), typeof(ConnectionChange) },
        { typeof(ChoiceRequest), typeof(AvailabilityChoice) },
        { typeof(PrivacyRequest), typeof(Privacy) },
        { typeof(SessionRequest), typeof(AnonymousSessionRequest) },
        { typeof(PresenceRequest), typeof(PresenceBody) },
        { typeof(WatchesRequest), typeof(WatchesBody) },
        { typeof(WatchesChangeRequest), typeof(WatchesChangeBody) },
        { typeof(LiveStateRequest), typeof(StateBody) },
        { typeof(UserStatusRequest), typeof(UserStatusBody) },
        { typeof(BanRequest), typeof(BanBody) },
        { typeof(WebhookRequest), typeof(NewWebhook) },
        { typeof(WebhookChangeRequest), typeof(WebhookChange) },
        { typeof(WebhookReplayRequest), typeof(WebhookReplayBody) },
    };

    [Theory, MemberData(nameof(Answers))]
    public void TheClientReadsEveryFieldOfAnAnswerAndNoOther(Type server, Type client) => MustBeAlike(server, client);

    [Theory, MemberData(nameof(Bodies))]
    public void TheClientWritesEveryFieldOfABodyAndNoOther(Type server, Type client) => MustBeAlike(server, client);

    [Fact]
    public void TheTypesOfEventsAndWhatCanFailAreThoseOfTheServer()
    {
        Assert.Equal(
            Presence.Core.Ledger.CloudEvent.Types, [PresenceEventType.Erased, PresenceEventType.Status, PresenceEventType.Availability, PresenceEventType.Membership]);
        Assert.Equal(
            Presence.Core.Domain.WebhookFailure.All,
            [
                WebhookFailure.AddressNotAllowed, WebhookFailure.NameNotFound, WebhookFailure.NoAnswer, WebhookFailure.InsecureConnection, WebhookFailure.TimedOut,
                WebhookFailure.Redirect, WebhookFailure.Status, WebhookFailure.NoToken,
            ]);
    }

    private static void MustBeAlike(Type server, Type client)
    {
        var (theirs, ours) = (Fields(ApiJson.Default, server), Fields(ClientJson.Default, client));

        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach (var (name, type) in theirs)
        {
            if (IsOfOurs(type) && IsOfOurs(ours[name]))
            {
                MustBeAlike(ElementOf(type), ElementOf(ours[name]));
            }
        }
    }

    private static Dictionary<string, Type> Fields(IJsonTypeInfoResolver context, Type type) => context
        .GetTypeInfo(type, context is ApiJson ? ApiJson.Default.Options : ClientJson.Default.Options)!.Properties
        .Where(property => property.Get is not null || property.Set is not null)
        .ToDictionary(property => property.Name, property => property.PropertyType);

    private static bool IsOfOurs(Type type) => ElementOf(type) is { IsEnum: false } element && element.Namespace!.StartsWith("Presence.", StringComparison.Ordinal);

    /// <summary>What a list is of, or a nullable.</summary>
    private static Type ElementOf(Type type) => type.IsGenericType && type.GetGenericArguments() is [var only] ? ElementOf(only) : type;
}
