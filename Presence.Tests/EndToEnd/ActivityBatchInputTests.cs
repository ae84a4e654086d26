using System.Net;
using System.Text;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>One bad entry, and nothing of the batch is recorded.</summary>
public class ActivityBatchInputTests
{
    [Theory]
    [InlineData("", "body must be a JSON array.")]
    [InlineData("{}", "body must be a JSON array.")]
    [InlineData("""{"activities":[{"userId":"a"}]}""", "body must be a JSON array.")]
    [InlineData("null", "body must be a JSON array.")]
    [InlineData("\"a\"", "body must be a JSON array.")]
    [InlineData("[", "body must be valid JSON without duplicate fields, nested at most 8 deep.")]
    [InlineData("""[{"userId":"a"},]""", "body must be valid JSON without duplicate fields, nested at most 8 deep.")]
    [InlineData("""[{"userId":"a","userId":"b"}]""", "body must be valid JSON without duplicate fields, nested at most 8 deep.")]
    [InlineData("[]", "body must hold 1 to 200 entries; it holds 0.")]
    public async Task WhatIsNoArrayOfEntriesIsRefused(string body, string error)
    {
        var system = await Target.AnyAsync();

        Assert.Equal(error, (await PostAsync(system, body)).MustRefuse("body").Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("null", "[2] must be a JSON object.")]
    [InlineData("1", "[2] must be a JSON object.")]
    [InlineData("\"a\"", "[2] must be a JSON object.")]
    [InlineData("[]", "[2] must be a JSON object.")]
    [InlineData("{}", "[2].userId is missing: it must be a string.")]
    [InlineData("""{"UserId":"a"}""", "[2].UserId is unknown: the fields are userId, at, passive.")]
    [InlineData("""{"userId":"a","activeAt":"2026-11-26T10:00:00Z"}""", "[2].activeAt is unknown: the fields are userId, at, passive.")]
    [InlineData("""{"userId":null}""", "[2].userId must be a string.")]
    [InlineData("""{"userId":1}""", "[2].userId must be a string.")]
    [InlineData("""{"userId":["a"]}""", "[2].userId must be a string.")]
    [InlineData("""{"userId":""}""", "[2].userId must be 1 to 128 characters long; it is empty.")]
    [InlineData("""{"userId":"129"}""", "[2].userId must be 1 to 128 characters long; it has 129.")]
    [InlineData("""{"userId":"anon:"}""", "[2].userId must be 1 to 128 characters long; it is empty.")]
    [InlineData("""{"userId":"\ud800"}""", "[2].userId must be ")]
    [InlineData("""{"userId":"a","at":1764151775573}""", "[2].at must be a string.")]
    [InlineData("""{"userId":"a","at":""}""", "[2].at must be a date and time of ISO 8601 with Z or an offset, such as 2026-11-23T10:49:35.573Z.")]
    [InlineData("""{"userId":"a","at":"2026-11-26T10:00:00"}""", "[2].at must be a date and time of ISO 8601 with Z or an offset, such as 2026-11-23T10:49:35.573Z.")]
    [InlineData("""{"userId":"a","passive":"true"}""", "[2].passive must be true or false.")]
    [InlineData("""{"userId":"a","passive":1}""", "[2].passive must be true or false.")]
    public async Task ABadEntryIsNamedByItsPlaceAndNothingIsRecorded(string entry, string error)
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var bad = entry.Replace("129", new string('a', 129), StringComparison.Ordinal);

        var answer = await PostAsync(system, $$"""[{"userId":"{{alice.Id}}"},{"userId":"b","passive":true},{{bad}},{"userId":"{{alice.Id}}"}]""");

        Assert.StartsWith(error, answer.MustRefuse("[2]").Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await bob.Caller.GetAsync($"api/presence?userId={alice.Id}")).Data.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task TwoHundredEntriesOfTheLongestIdsAreTakenHoweverTheyAreWrittenAndOneMoreIsRefused()
    {
        var system = await Target.AnyAsync();
        var escaped = string.Concat(Enumerable.Repeat("\\u8a9e", 128));
        var entry = $$"""
            {
                "userId": "anon:{{escaped}}",
                "at": "2000-11-26T10:00:00.123456789+00:00",
                "passive": false
            }
            """;

        var taken = await PostAsync(system, $"[{string.Join(",\n", Enumerable.Repeat(entry, 200))}]");
        var refused = await PostAsync(system, $"[{string.Join(',', Enumerable.Repeat("""{"userId":"a","passive":true}""", 201))}]");

        Assert.Equal(200, taken.Data.GetProperty("ignored").GetInt32());
        Assert.Equal("body must hold 1 to 200 entries; it holds 201.", refused.MustRefuse("body").Json.GetProperty("error").GetString());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ABodyOfMoreThan256KilobytesIsRefusedWithItsLengthOrWithout(bool isChunked)
    {
        var system = await Target.AnyAsync();
        var body = $$"""[{"userId":"a","passive":true}{{new string(' ', 262_144)}}]""";

        var answer = await system.Backend.SendAsync(HttpMethod.Post, "api/activity/batch", isChunked ? new Unmeasured(body) : Json(body));

        Assert.Equal("body must be at most 262144 bytes long.", answer.MustRefuse("body").Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task ABodyOfUnsaidLengthIsReadToItsEnd()
    {
        var system = await Target.AnyAsync();
        var body = $$"""[{"userId":"a","passive":true}{{new string(' ', 100_000)}}]""";

        Assert.Equal(1, (await system.Backend.SendAsync(HttpMethod.Post, "api/activity/batch", new Unmeasured(body))).Data.GetProperty("passive").GetInt32());
    }

    [Fact]
    public async Task OtherRoutesTakeNoMoreThanBefore()
    {
        var system = await Target.AnyAsync();
        var body = $$"""{"userId":"a",{{new string(' ', 16_384)}}"isOnline":false}""";

        var answer = await system.Backend.SendAsync(HttpMethod.Post, "maintenance/user-status", Json(body));

        Assert.Equal("body must be at most 16384 bytes long.", answer.MustRefuse("body").Json.GetProperty("error").GetString());
    }

    private static Task<Answer> PostAsync(PresenceSystem system, string body) =>
        system.Backend.SendAsync(HttpMethod.Post, "api/activity/batch", Json(body));

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>A body sent in chunks.</summary>
    private sealed class Unmeasured(string body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            await stream.WriteAsync(Encoding.UTF8.GetBytes(body));

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
