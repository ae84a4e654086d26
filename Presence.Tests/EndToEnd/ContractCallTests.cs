using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Presence.Tests.Contract;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Each operation of the contract is called with the example that the document itself gives, by one who may.</summary>
public class ContractCallTests
{
    public static TheoryData<string> Operations => [.. OpenApiContract.Current.Operations.Select(o => o.Id)];

    [Theory, MemberData(nameof(Operations))]
    public async Task TheExampleOfEveryOperationIsTakenAndAnsweredAsDescribed(string id)
    {
        var system = await Target.AnyAsync();
        var operation = OpenApiContract.Current.Operations.Single(o => o.Id == id);
        var example = await Example.OfAsync(system, operation);

        var answer = await example.SendAsync(example.Caller);

        Assert.True(answer.Status == HttpStatusCode.OK, $"{(int)answer.Status} {answer.Body}");
    }

    [Theory, MemberData(nameof(Operations))]
    public async Task WithoutCredentialsItIsRefusedUnlessItIsForEverybody(string id)
    {
        Target.SkipWithoutKeys();
        var system = await Target.AnyAsync();
        var operation = OpenApiContract.Current.Operations.Single(o => o.Id == id);
        var example = await Example.OfAsync(system, operation);

        var answer = await example.SendAsync(system.Nobody);

        Assert.Equal(operation.IsOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.Status);
    }

    [Theory, InlineData("openapi.json"), InlineData("asyncapi.json")]
    public async Task WhoHasADocumentIsToldThatItIsTheSame(string path)
    {
        var system = await Target.AnyAsync();

        var first = (await system.Nobody.GetAsync(path)).MustBeOk();
        var again = await system.Nobody.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", $"\"other\", W/{first.Headers["ETag"]}"));
        var other = await system.Nobody.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", "\"other\""));

        Assert.Equal(ContractFiles.Read(path).ToJsonString(), JsonNode.Parse(first.Body)!.ToJsonString());
        Assert.Equal((HttpStatusCode.NotModified, "", first.Headers["ETag"]), (again.Status, again.Body, again.Headers["ETag"]));
        Assert.Equal((HttpStatusCode.OK, first.Body), (other.Status, other.Body));
    }

    [Fact]
    public async Task ReadingADocumentIsNoActivity()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await system.JoinAsync(Some.Conversation(), alice, bob);

        (await alice.Caller.GetAsync("openapi.json")).MustBeOk();

        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
    }

    /// <summary>The example of an operation, with users of its own in the places of those that it names.</summary>
    private sealed record Example(Caller Caller, HttpMethod Method, string Path, string? Body)
    {
        public Task<Answer> SendAsync(Caller caller) =>
            caller.SendAsync(Method, Path, Body is null ? null : new StringContent(Body, Encoding.UTF8, "application/json"));

        public static async Task<Example> OfAsync(PresenceSystem system, DescribedOperation operation)
        {
            var (path, body) = Written(operation);
            var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
            await system.JoinAsync(conversation, alice, bob);
            var connection = await ConnectionAsync(alice, operation, path, body);
            var webhook = path.Contains(Parameters.WebhookExample, StringComparison.Ordinal) ? await WebhookAsync(system) : "";
            string Own(string text) => text
                .Replace("alice", alice.Id, StringComparison.Ordinal)
                .Replace("bob", bob.Id, StringComparison.Ordinal)
                .Replace("team-1", conversation, StringComparison.Ordinal)
                .Replace("guest-1", $"guest-{Guid.NewGuid():N}", StringComparison.Ordinal)
                .Replace(Parameters.ConnectionExample, connection, StringComparison.Ordinal)
                .Replace(Parameters.WebhookExample, webhook, StringComparison.Ordinal);
            return new(
                operation.IsOpen ? system.Nobody : operation.IsOfBackend ? system.Backend : alice.Caller,
                new HttpMethod(operation.Method),
                Own(path),
                body is null ? null : Own(body));
        }

        /// <summary>A connection of the caller where the example names one. It stays open for longer than the test calls.</summary>
        private static async Task<string> ConnectionAsync(User user, DescribedOperation operation, string path, string? body) =>
            (operation.Path + path + body).Contains(Parameters.ConnectionExample, StringComparison.Ordinal) ? (await user.ListenAsync()).ConnectionId : "";

        /// <summary>A webhook where the example names one: the same for all, because there may not be many. Nobody listens there.</summary>
        private static async Task<string> WebhookAsync(PresenceSystem system)
        {
            const string Url = "https://nobody.invalid/contract";
            var there = (await system.Backend.GetAsync("api/webhooks")).Data.GetProperty("webhooks").EnumerateArray().FirstOrDefault(w => w.GetProperty("url").GetString() == Url);
            var webhook = there.ValueKind == JsonValueKind.Undefined ? (await system.Backend.PostAsync("api/webhooks", new { url = Url })).Data.GetProperty("webhook") : there;
            return webhook.GetProperty("webhookId").GetString()!;
        }

        private static (string Path, string? Body) Written(DescribedOperation operation)
        {
            var path = operation.ParametersIn("path").Aggregate(operation.Path[1..], (text, p) => text.Replace($"{{{Name(p)}}}", Text(p), StringComparison.Ordinal));
            var query = string.Join('&', operation.ParametersIn("query").Where(p => p.ContainsKey("example")).Select(p => $"{Name(p)}={Text(p)}"));
            return (query.Length == 0 ? path : $"{path}?{query}", operation.Body?["content"]!["application/json"]!["example"]?.ToJsonString());
        }

        private static string Name(JsonObject parameter) => parameter["name"]!.GetValue<string>();

        private static string Text(JsonObject parameter) => parameter["example"] is JsonArray several
            ? string.Join(',', several.Select(one => Uri.EscapeDataString(one!.ToString())))
            : Uri.EscapeDataString(parameter["example"]!.ToString());
    }
}
