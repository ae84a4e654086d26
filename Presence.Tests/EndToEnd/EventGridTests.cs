using System.Text.Json;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class EventGridTests
{
    private const string Topic = "api/webhooks/eventGrid";

    private static readonly string[] Erased = ["presence.erased"];

    [Fact]
    public async Task EventsArePublishedToTheTopicAsTheFeedTellsThem()
    {
        await using var topic = await WebhookReceiver.StartAsync();
        await using var system = await OwnAsync(topic);
        await PreparedAsync(system);
        var alice = system.NewUser("alice");

        await alice.ActAsync();
        await alice.SignOutAsync();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(topic.StatusesOf(alice).Count >= 2), "both changes have come");
        Assert.Equal(["online", "offline"], topic.StatusesOf(alice));
        Assert.All(topic.Received, message => Assert.Equal("a-key", message.Headers["aeg-sas-key"]));
        Assert.All(topic.Received, message => Assert.StartsWith("application/cloudevents-batch+json", message.Headers["Content-Type"], StringComparison.Ordinal));
        Assert.All(topic.Received, message => Assert.DoesNotContain("webhook-signature", message.Headers.Keys));
        var feed = (await system.Backend.GetAsync("api/events")).Data.GetProperty("events").EnumerateArray().ToDictionary(Id, one => one.GetRawText());
        Assert.All(topic.Received.SelectMany(message => message.Events), one => Assert.Equal(feed[Id(one)], one.GetRawText()));
    }

    [Fact]
    public async Task ItIsFilteredReplayedAndDisabledAsAWebhookIsAndNothingElse()
    {
        await using var topic = await WebhookReceiver.StartAsync();
        await using var system = await OwnAsync(topic);
        await PreparedAsync(system);
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));

        Assert.Equal(Erased, (await ChangeAsync(system, new { filter = new { types = Erased } })).GetProperty("filter").GetProperty("types").EnumerateArray().Select(t => t.GetString()));
        await alice.ActAsync();
        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{alice.Id}")).MustBeOk();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(topic.EventIds.Count > 0), "the erasure has come");
        Assert.All(topic.Taken.SelectMany(message => message.Events), one => Assert.Equal("presence.erased", one.GetProperty("type").GetString()));
        var count = topic.Taken.Count;
        (await system.Backend.PostAsync($"{Topic}/replay", new { })).MustBeOk();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(topic.Taken.Count > count), "it comes again");
        Assert.False((await ChangeAsync(system, new { enabled = false })).GetProperty("enabled").GetBoolean());
        await bob.ActAsync();

        (await system.Backend.SendAsync(HttpMethod.Patch, Topic, Json(new { url = "https://other.example.com/" }))).MustRefuse("eventGrid");
        (await system.Backend.SendAsync(HttpMethod.Delete, Topic)).MustRefuse("eventGrid");
        (await system.Backend.PostAsync($"{Topic}/secrets")).MustRefuse("eventGrid");
        (await system.Backend.PostAsync($"{Topic}/test")).MustRefuse("eventGrid");
    }

    [Fact]
    public async Task WithoutTheSettingThereIsNone()
    {
        await using var system = await Target.OwnAsync();

        (await system.Backend.GetAsync(Topic)).MustBe(System.Net.HttpStatusCode.NotFound, "not_found");
    }

    private static Task<PresenceSystem> OwnAsync(WebhookReceiver topic) => Target.OwnAsync(
        null, (nameof(PresenceOptions.EventGridTopic), topic.Url.AbsoluteUri), (nameof(PresenceOptions.EventGridKey), "a-key"));

    /// <summary>The first run makes its webhook, and what happened before that is not told.</summary>
    private static Task PreparedAsync(PresenceSystem system) => Eventually.BecomesTrueAsync(
        async () => (await system.Backend.GetAsync("api/webhooks")).Data.GetProperty("webhooks").GetArrayLength() > 0, "the webhook of the topic is there");

    private static async Task<JsonElement> ChangeAsync(PresenceSystem system, object change) =>
        (await system.Backend.SendAsync(HttpMethod.Patch, Topic, Json(change))).MustBeOk().Data;

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private static string Id(JsonElement one) => one.GetProperty("id").GetString()!;
}
