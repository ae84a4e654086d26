using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Presence.Client;
using Presence.Client.Http;
using Presence.Client.Model;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;
using Presence.Tests.Functions.Http;

namespace Presence.Tests.EndToEnd;

public class ClientTests
{
    /// <summary>What clients of backends do not call: the same with the id in the path, for ids that are known to be plain; and the documents of the contract.</summary>
    private static bool IsForOthers(DeclaredFunction function) => function.Route is "openapi.json" or "asyncapi.json" || function.Route.EndsWith("{userId}", StringComparison.Ordinal)
        || function.Route.EndsWith("{participantId}", StringComparison.Ordinal) || function.Route == "maintenance/users/{userId}/explain";

    [Fact]
    public async Task EveryRouteIsCalledAndWhatItAnswersArrivesWhole()
    {
        await using var system = await Target.OwnAsync(
            null, (nameof(PresenceOptions.HistoryRetention), "30.00:00:00"), (nameof(PresenceOptions.AllowPrivateWebhooks), "true"));
        var calls = new Calls();
        await using var services = Services(system, calls);
        var client = services.GetRequiredService<IPresenceClient>();
        var (alice, bob) = (system.NewUser("a/lice,"), system.NewUser("bob %2F ä"));
        var (as_, team, stop) = (Of(alice), Some.Conversation(), TestContext.Current.CancellationToken);
        var begin = await calls.ArrivesAsync(client.GetEventPageAsync(EventPage.Latest, cancellationToken: stop));

        // The backend.
        await calls.ArrivesAsync(client.AddMemberAsync(team, alice.Id, stop));
        await calls.ArrivesAsync(client.AddMemberAsync(team, bob.Id, stop));
        await calls.ArrivesAsync(client.RecordActivityAsync([new() { UserId = bob.Id, At = TimeProvider.System.GetUtcNow() }, new() { UserId = "x", Passive = true }], stop));
        await calls.ArrivesAsync(client.AllowAsync(alice.Id, bob.Id, stop));
        await calls.ArrivesAsync(client.AllowConversationAsync(alice.Id, team, stop));
        await calls.ArrivesAsync(client.BlockAsync(alice.Id, "carol", stop));
        await calls.ArrivesAsync(client.BlockConversationAsync(alice.Id, team + "-other", stop));
        var relations = await calls.ArrivesAsync(client.GetVisibilityAsync(alice.Id, stop));
        Assert.Equal((bob.Id, team, "carol", team + "-other"),
            (Assert.Single(relations.AllowedUsers), Assert.Single(relations.AllowedConversations), Assert.Single(relations.BlockedUsers), Assert.Single(relations.BlockedConversations)));
        await calls.ArrivesAsync(client.DisallowAsync(alice.Id, bob.Id, stop));
        await calls.ArrivesAsync(client.DisallowConversationAsync(alice.Id, team, stop));
        await calls.ArrivesAsync(client.UnblockAsync(alice.Id, "carol", stop));
        await calls.ArrivesAsync(client.UnblockConversationAsync(alice.Id, team + "-other", stop));
        await calls.ArrivesAsync(client.SetAvailabilityOfAsync(bob.Id, new() { Availability = Availability.Busy, Text = "in a meeting", Emoji = "📅" }, stop));
        await calls.ArrivesAsync(client.ClearAvailabilityOfAsync(bob.Id, stop));
        var guest = await calls.ArrivesAsync(client.CreateAnonymousSessionAsync(new() { LifetimeSeconds = 60 }, stop));

        // A user.
        Assert.Equal(PresenceStatus.Online, (await calls.ArrivesAsync(client.RecordActivityAsync(as_, stop))).Status);
        await calls.ArrivesAsync(client.SetAvailabilityAsync(
            new() { Availability = Availability.DoNotDisturb, Text = "on a train", Emoji = "🚆", Until = TimeProvider.System.GetUtcNow().AddHours(1) }, as_, stop));
        Assert.Equal("on a train", (await calls.ArrivesAsync(client.GetOwnPresenceAsync(as_, stop))).Choice!.Text);
        await calls.ArrivesAsync(client.ClearAvailabilityAsync(as_, stop));
        Assert.Equal(bob.Id, (await calls.ArrivesAsync(client.GetPresenceAsync(bob.Id, as_, stop))).UserId);
        var many = await calls.ArrivesAsync(client.GetPresenceAsync([bob.Id, alice.Id], caller: as_, cancellationToken: stop));
        Assert.True(many.IsComplete);
        var other = await client.GetPresenceAsync([bob.Id], caller: as_, cancellationToken: stop);
        Assert.NotEqual("", (await client.GetPresenceAsync([bob.Id], other.Version, as_, stop)).Version);
        await calls.ArrivesAsync(client.SetPrivacyAsync(new() { LastSeen = "coarse" }, as_, stop));
        Assert.Equal("coarse", (await calls.ArrivesAsync(client.GetPrivacyAsync(as_, stop))).LastSeen);
        Assert.Contains((await calls.ArrivesAsync(client.GetConversationsAsync(as_, stop))).Conversations, one => one.ConversationId == team);
        var page = await calls.ArrivesAsync(client.GetRosterPageAsync(team, new() { Limit = 1, Since = "0" }, as_, stop));
        Assert.NotNull(page.NextAfter);
        await calls.ArrivesAsync(client.ShowStateAsync(team, JsonElement.Parse("""{"typing":true}"""), TimeSpan.FromSeconds(5), as_, stop));
        await calls.ArrivesAsync(client.ExplainOwnAsync(as_, stop));
        Assert.Equal(alice.Id, (await calls.ArrivesAsync(client.GetOwnForecastAsync("Europe/Berlin", as_, stop))).UserId);
        var forecast = await calls.ArrivesAsync(client.GetForecastAsync(bob.Id, caller: as_, cancellationToken: stop));
        Assert.Equal((bob.Id, NoForecast.TooLittleHistory), (forecast.UserId, forecast.None));

        // Its connection.
        var grant = await calls.ArrivesAsync(client.NegotiateAsync(new() { Watch = [bob.Id], Device = "desktop", DeviceId = "d-1", Foreground = true }, as_, stop), hasEnvelope: false);
        await using var connection = new HubConnectionBuilder()
            .WithUrl(grant.Url, options => options.AccessTokenProvider = () => Task.FromResult<string?>(grant.AccessToken)).Build();
        var heard = new TaskCompletionSource();
        connection.On<JsonElement>("presence:snapshot", _ => heard.TrySetResult());
        await connection.StartAsync(stop);
        await heard.Task.InTime();
        var id = connection.ConnectionId!;
        Assert.Equal(id, Assert.Single((await calls.ArrivesAsync(client.GetConnectionsAsync(as_, stop))).Connections).ConnectionId);
        await calls.ArrivesAsync(client.ChangeConnectionAsync(id, new() { Foreground = false }, as_, stop));
        var list = await calls.ArrivesAsync(client.SetWatchesAsync(id, [bob.Id, "carol"], caller: as_, cancellationToken: stop));
        await calls.ArrivesAsync(client.ChangeWatchesAsync(id, add: ["dave"], remove: ["carol"], as_, stop));
        Assert.Equal(2, (await calls.ArrivesAsync(client.GetWatchesAsync(id, caller: as_, cancellationToken: stop))).Watching);
        Assert.Equal(list.ConnectionId, (await calls.ArrivesAsync(client.ClearWatchesAsync(id, as_, stop))).ConnectionId);
        await calls.ArrivesAsync(client.SignOutConnectionAsync(id, as_, stop));
        await calls.ArrivesAsync(client.SignOutAsync(as_, stop));

        await PastAsync(client, calls, alice, team);
        await EventsAsync(client, calls, alice, begin.Cursor);
        await WebhooksAsync(client, calls, alice, begin.Cursor);

        // Operators.
        await calls.ArrivesAsync(client.ExplainAsync(alice.Id, stop));
        await calls.ArrivesAsync(client.SetUserStatusAsync(bob.Id, isOnline: false, stop));
        Assert.NotNull((await calls.ArrivesAsync(client.BanAsync(bob.Id, TimeSpan.FromHours(1), stop))).BannedUntil);
        Assert.NotNull((await calls.ArrivesAsync(client.BanAsync(bob.Id, TimeProvider.System.GetUtcNow().AddDays(1), stop))).BannedUntil);
        await calls.ArrivesAsync(client.LiftBanAsync(bob.Id, stop));
        await calls.ArrivesAsync(client.RemoveMemberAsync(team, alice.Id, stop));
        Assert.Equal(1, (await calls.ArrivesAsync(client.RevokeAnonymousSessionsAsync(guest.ParticipantId, stop))).Revoked);
        Assert.True((await calls.ArrivesAsync(client.EraseAsync(alice.Id, stop))).RemovedRows > 0);
        await calls.ArrivesAsync(client.GetStatsAsync(stop));
        await calls.ArrivesAsync(client.GetStatusMetricsAsync(stop));
        Assert.Contains("presence_", await client.GetMetricsAsync(stop), StringComparison.Ordinal);
        await calls.ArrivesAsync(client.CleanUpAsync(stop));
        Assert.True((await calls.ArrivesAsync(client.GetHealthAsync(stop), hasEnvelope: false)).IsHealthy);
        Assert.True((await calls.ArrivesAsync(client.GetReadinessAsync(stop), hasEnvelope: false)).IsHealthy);

        await client.ResetStatusMetricsAsync(stop);
        var declared = DeclaredFunctions.WithMethods.Where(f => !IsForOthers(f)).SelectMany(f => f.Methods.Where(m => m != "HEAD").Select(m => $"{m} {f.Route}"));
        Assert.Empty(declared.Except(calls.Routes));
    }

    [Fact]
    public async Task ARefusalOfTheServerIsOneOfTheClient()
    {
        var system = await Target.AnyAsync();
        await using var services = Services(system, new());
        var (client, alice) = (services.GetRequiredService<IPresenceClient>(), system.NewUser("alice"));

        var forbidden = await Assert.ThrowsAsync<PresenceException>(() => client.GetRosterPageAsync(Some.Conversation(), caller: Of(alice), cancellationToken: TestContext.Current.CancellationToken));
        var invalid = await Assert.ThrowsAsync<PresenceException>(() => client.GetPresenceAsync(new string('a', 129), Of(alice), TestContext.Current.CancellationToken));
        var nobody = await Assert.ThrowsAsync<PresenceException>(() => client.GetOwnPresenceAsync(PresenceCredentials.Bearer("none"), TestContext.Current.CancellationToken));

        Assert.Equal((HttpStatusCode.Forbidden, PresenceErrorCode.Forbidden), (forbidden.StatusCode, forbidden.Code));
        Assert.Equal((HttpStatusCode.BadRequest, PresenceErrorCode.InvalidInput), (invalid.StatusCode, invalid.Code));
        Assert.Contains("userId", invalid.Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Unauthorized, PresenceErrorCode.Unauthenticated), (nobody.StatusCode, nobody.Code));
    }

    [Fact]
    public async Task ALongRosterIsReadPageByPageAndSinceItsLastVersionNothingHasChanged()
    {
        var system = await Target.AnyAsync();
        await using var services = Services(system, new());
        var (client, team) = (services.GetRequiredService<IPresenceClient>(), Some.Conversation());
        User[] users = [.. Enumerable.Range(0, 5).Select(i => system.NewUser($"user-{i}"))];
        await system.JoinAsync(team, users);
        var passively = PresenceCaller.PassivelyBy(Of(users[0]).Credentials!);

        var (names, version) = (new List<string>(), "");
        await foreach (var page in client.GetRosterPagesAsync(team, "0", pageSize: 2, passively, TestContext.Current.CancellationToken))
        {
            names.AddRange(page.Users.Select(user => user.UserId));
            version = page.Version;
        }

        Assert.Equal(users.Select(user => user.Id).Order(StringComparer.Ordinal), names);
        Assert.True((await client.GetRosterPageAsync(team, new() { Limit = 1000, Since = version }, passively, TestContext.Current.CancellationToken)).IsUnchanged);
    }

    /// <summary>What is kept of a user who was in a conversation, and has left.</summary>
    private static async Task PastAsync(IPresenceClient client, Calls calls, User user, string conversation)
    {
        var stop = TestContext.Current.CancellationToken;
        var own = await calls.ArrivesAsync(client.GetOwnHistoryAsync(caller: Of(user), cancellationToken: stop));
        Assert.Equal(own.Sessions, (await calls.ArrivesAsync(client.GetHistoryAsync(user.Id, cancellationToken: stop))).Sessions);
        Assert.Equal((30, 1), (own.RetentionDays, own.Sessions.Count));
        await Eventually.BecomesTrueAsync(
            async () => (await calls.ArrivesAsync(client.GetConversationHistoryAsync(conversation, cancellationToken: stop))).Hours.Any(hour => hour.Peak > 0), "the hour is counted");
        Assert.Equal("Europe/Berlin", (await calls.ArrivesAsync(client.GetAnalyticsAsync(timeZone: "Europe/Berlin", cancellationToken: stop))).TimeZone);
    }

    private static async Task EventsAsync(IPresenceClient client, Calls calls, User user, string cursor)
    {
        var stop = TestContext.Current.CancellationToken;
        var page = new EventPage();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                page = await calls.ArrivesAsync(client.GetEventPageAsync(cursor, limit: 1000, stop));
                return page.Events.Any(one => one.Subject == user.Id && one is { Type: PresenceEventType.Status, Data.Status: PresenceStatus.Offline });
            },
            "the feed has told it");
        Assert.Contains(page.Events, one => one is { Type: PresenceEventType.Availability, Data: { Text: "on a train", Availability: Availability.DoNotDisturb } });
        Assert.Contains(page.Events, one => one is { Type: PresenceEventType.Membership, Data.Joined: { Count: 1 } });

        var ids = new List<string>();
        await foreach (var next in client.GetEventPagesAsync(cursor, pageSize: 2, stop))
        {
            Assert.InRange(next.Events.Count, 0, 2);
            ids.AddRange(next.Events.Select(one => one.Id));
        }

        Assert.Empty(page.Events.Select(one => one.Id).Except(ids));
    }

    private static async Task WebhooksAsync(IPresenceClient client, Calls calls, User user, string cursor)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var receiver = await WebhookReceiver.StartAsync();
        var made = await calls.ArrivesAsync(client.AddWebhookAsync(
            new() { Url = receiver.Url.AbsoluteUri, Description = "hears", Filter = new() { Types = [PresenceEventType.Status], Users = ["nobody"] }, After = cursor }, stop));
        var id = made.Webhook.WebhookId;
        Assert.StartsWith("whsec_", made.Secret, StringComparison.Ordinal);
        Assert.Equal(["nobody"], (await calls.ArrivesAsync(client.GetWebhookAsync(id, stop))).Filter.Users);
        Assert.True((await calls.ArrivesAsync(client.TestWebhookAsync(id, stop))).Delivered);
        var exchanged = await calls.ArrivesAsync(client.ExchangeWebhookSecretAsync(id, stop));
        Assert.NotEqual(made.Secret, exchanged.Secret);
        Assert.NotNull(exchanged.Webhook.PreviousSecretUntil);
        var changed = await calls.ArrivesAsync(client.ChangeWebhookAsync(id, new() { Description = "", Filter = new() { Users = [user.Id] } }, stop));
        Assert.Equal((null, null, true), (changed.Description, changed.Filter.Types, changed.Enabled));
        Assert.Equal(cursor, (await calls.ArrivesAsync(client.ReplayWebhookAsync(id, cursor, stop))).Cursor);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(receiver.StatusesOf(user).Count > 0), "what was before is sent as well");
        await Eventually.BecomesTrueAsync(
            async () => Assert.Single((await calls.ArrivesAsync(client.GetWebhooksAsync(stop))).Webhooks).Health.LastDeliveredAt is not null, "it says so");
        await client.RemoveWebhookAsync(id, stop);
        Assert.Equal(PresenceErrorCode.NotFound, (await Assert.ThrowsAsync<PresenceException>(() => client.RemoveWebhookAsync(id, stop))).Code);
    }

    private static PresenceCaller Of(User user) => PresenceCredentials.Bearer(user.Caller.Credentials.Value["Bearer ".Length..], user.Id);

    private static ServiceProvider Services(PresenceSystem system, Calls calls)
    {
        var services = new ServiceCollection();
        services.AddPresenceClient(options =>
        {
            options.BaseAddress = system.Nobody.BaseAddress;
            options.FunctionKey = system.Backend.Credentials.Value;
        }).AddHttpMessageHandler(() => new Recording(calls));
        return services.BuildServiceProvider();
    }

    private sealed class Recording(Calls calls) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            calls.Called(request);
            var answer = await base.SendAsync(request, cancellationToken);
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            calls.LastBody = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer;
        }
    }

    /// <summary>What was called, and what the last answer was.</summary>
    private sealed class Calls
    {
        private readonly ConcurrentBag<string> _routes = [];

        public IEnumerable<string> Routes => _routes;

        public string LastBody { get; set; } = "";

        public void Called(HttpRequestMessage request)
        {
            var path = request.RequestUri!.AbsolutePath[1..];
            foreach (var function in DeclaredFunctions.WithMethods.Where(f => f.Fits(path) && f.Methods.Contains(request.Method.Method)))
            {
                _routes.Add($"{request.Method} {function.Route}");
            }
        }

        /// <summary>Asserts that what the client makes of the answer says all that the answer says.</summary>
        public async Task<T> ArrivesAsync<T>(Task<T> call, bool hasEnvelope = true)
            where T : class
        {
            var result = await call;
            var sent = JsonNode.Parse(LastBody)!;
            var arrived = JsonSerializer.SerializeToNode(result, ClientJson.Default.Options.GetTypeInfo(typeof(T)))!;
            var (expected, actual) = (Plain(hasEnvelope ? sent["data"] : sent), Plain(arrived));
            Assert.True(JsonNode.DeepEquals(expected, actual), $"sent: {expected}\narrived: {actual}");
            return result;
        }

        /// <summary>The same without what is null or an empty list: what is left out by one is that in the other.</summary>
        private static JsonNode? Plain(JsonNode? node) => node switch
        {
            JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Plain(field.Value))).Where(field => field.Value is not (null or JsonArray { Count: 0 } or JsonObject { Count: 0 }))),
            JsonArray items => new JsonArray([.. items.Select(Plain)]),
            _ => node?.DeepClone(),
        };
    }
}
