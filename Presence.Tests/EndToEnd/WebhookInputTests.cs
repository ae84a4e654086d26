using System.Net;
using System.Text;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class WebhookInputTests
{
    public static TheoryData<string, string> BadWebhooks => new()
    {
        { "{}", "url" },
        { """{"url":null}""", "url" },
        { """{"url":1}""", "url" },
        { """{"url":""}""", "url" },
        { """{"url":"hooks"}""", "url" },
        { """{"url":"http://hooks.example.com/"}""", "https" },
        { """{"url":"https://a:b@hooks.example.com/"}""", "password" },
        { """{"url":"https://10.0.0.1/"}""", "public" },
        { $$"""{"url":"https://hooks.example.com/{{new string('x', 2048)}}"}""", "2048" },
        { """{"url":"https://hooks.example.com/","more":1}""", "more" },
        { """{"url":"https://hooks.example.com/","after":"x"}""", "after" },
        { """{"url":"https://hooks.example.com/","after":"latest"}""", "after" },
        { $$"""{"url":"https://hooks.example.com/","description":"{{new string('x', 201)}}"}""", "200" },
        { """{"url":"https://hooks.example.com/","filter":[]}""", "filter must be an object of types, conversations and users" },
        { """{"url":"https://hooks.example.com/","filter":{"more":[]}}""", "filter must be an object of types, conversations and users" },
        { """{"url":"https://hooks.example.com/","filter":{"types":[]}}""", "filter.types" },
        { """{"url":"https://hooks.example.com/","filter":{"types":["status"]}}""", "filter.types[0]" },
        { """{"url":"https://hooks.example.com/","filter":{"types":[null]}}""", "filter.types[0]" },
        { """{"url":"https://hooks.example.com/","filter":{"conversations":[]}}""", "filter.conversations" },
        { """{"url":"https://hooks.example.com/","filter":{"conversations":["a","a b"]}}""", "filter.conversations[1]" },
        { """{"url":"https://hooks.example.com/","filter":{"users":[]}}""", "filter.users" },
        { """{"url":"https://hooks.example.com/","filter":{"users":["a",""]}}""", "filter.users[1]" },
        { $$$"""{"url":"https://hooks.example.com/","filter":{"users":[{{{string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"u{i}\""))}}}]}}""", "1 to 50" },
        { $$$"""{"url":"https://hooks.example.com/","filter":{"conversations":[{{{string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"c{i}\""))}}}]}}""", "1 to 50" },
        { $$"""{"url":"https://hooks.example.com/","description":"{{new string('x', 65_536)}}"}""", "65536" },
    };

    [Theory, MemberData(nameof(BadWebhooks))]
    public async Task ABadWebhookIsRefusedByTheNameOfItsFieldAndIsNotMade(string body, string named)
    {
        var system = await Target.AnyAsync();

        (await SendAsync(system, HttpMethod.Post, "api/webhooks", body)).MustRefuse(named);

        Assert.DoesNotContain("hooks.example.com/x", (await system.Backend.GetAsync("api/webhooks")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"url":"http://hooks.example.com/"}""", "url")]
    [InlineData("""{"enabled":"yes"}""", "enabled")]
    [InlineData("""{"filter":{"users":[]}}""", "filter.users")]
    [InlineData("""{"secret":"x"}""", "secret")]
    public async Task ABadChangeIsRefusedAndChangesNothing(string body, string named)
    {
        await using var own = await OneAsync();

        (await SendAsync(own.System, HttpMethod.Patch, own.Path, body)).MustRefuse(named);

        Assert.Equal(own.Made, (await own.System.Backend.GetAsync(own.Path)).Data.GetRawText());
    }

    [Theory]
    [InlineData("replay", """{"after":"x"}""", "after")]
    [InlineData("replay", """{"after":1}""", "after")]
    [InlineData("replay", """{"from":"x"}""", "from")]
    [InlineData("secrets", """{"secret":"x"}""", "secret")]
    [InlineData("test", """{"url":"x"}""", "url")]
    public async Task ABadRequestAboutOneIsRefusedByTheNameOfItsField(string what, string body, string named)
    {
        await using var own = await OneAsync();

        (await SendAsync(own.System, HttpMethod.Post, $"{own.Path}/{what}", body)).MustRefuse(named);

        Assert.Equal(own.Made, (await own.System.Backend.GetAsync(own.Path)).Data.GetRawText());
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/secrets")]
    [InlineData("POST", "/replay")]
    [InlineData("POST", "/test")]
    public async Task OneThatIsNotThereIsNotFound(string method, string what)
    {
        var system = await Target.AnyAsync();

        foreach (var id in new[] { "wh00000000000000000000000000000000", "x", "WH00000000000000000000000000000000", new string('w', 2_000) })
        {
            (await SendAsync(system, new(method), $"api/webhooks/{id}{what}", "{}")).MustBe(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Fact]
    public async Task OneThatWasRemovedIsGone()
    {
        var own = await OneAsync();

        await own.DisposeAsync();

        (await own.System.Backend.SendAsync(HttpMethod.Delete, own.Path)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await own.System.Backend.GetAsync(own.Path)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task WhatIsMadeIsShownAsItWasGiven()
    {
        var system = await Target.AnyAsync();
        var body = """{"url":"https://nobody.invalid/a?b=c","description":"push","filter":{"types":["presence.membership","presence.erased"],"conversations":["a"],"users":["anon:g","u"]}}""";

        var made = (await SendAsync(system, HttpMethod.Post, "api/webhooks", body)).Data.GetProperty("webhook");
        var path = $"api/webhooks/{made.GetProperty("webhookId").GetString()}";
        var changed = (await SendAsync(system, HttpMethod.Patch, path, """{"description":"","filter":{},"enabled":false}""")).Data;
        (await system.Backend.SendAsync(HttpMethod.Delete, path)).MustBeOk();

        Assert.Equal("https://nobody.invalid/a?b=c", made.GetProperty("url").GetString());
        Assert.Equal("""{"types":["presence.membership","presence.erased"],"conversations":["a"],"users":["anon:g","u"]}""", made.GetProperty("filter").GetRawText());
        Assert.Equal("""{"types":null,"conversations":null,"users":null}""", changed.GetProperty("filter").GetRawText());
        Assert.Equal((false, "disabled", (string?)null), (
            changed.GetProperty("enabled").GetBoolean(), changed.GetProperty("health").GetProperty("disabledReason").GetString(), changed.GetProperty("description").GetString()));
    }

    private static async Task<One> OneAsync()
    {
        var system = await Target.AnyAsync();
        var made = (await SendAsync(
            system, HttpMethod.Post, "api/webhooks", """{"url":"https://nobody.invalid/","filter":{"users":["nobody"],"types":["presence.status"]}}""")).Data.GetProperty("webhook");
        var path = $"api/webhooks/{made.GetProperty("webhookId").GetString()}";

        // Disabled, it does not move while the test looks at it.
        var disabled = (await SendAsync(system, HttpMethod.Patch, path, """{"enabled":false}""")).Data;
        return new(system, path, disabled.GetRawText());
    }

    private static Task<Answer> SendAsync(PresenceSystem system, HttpMethod method, string path, string body) =>
        system.Backend.SendAsync(method, path, new StringContent(body, Encoding.UTF8, "application/json"));

    /// <summary>A webhook that is there as long as the test needs it.</summary>
    private sealed record One(PresenceSystem System, string Path, string Made) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => (await System.Backend.SendAsync(HttpMethod.Delete, Path)).MustBeOk();
    }
}
