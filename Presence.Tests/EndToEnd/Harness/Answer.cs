using System.Net;
using System.Text.Json;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>What the API answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)
{
    /// <summary>The headers, those of the body among them.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The whole body.</summary>
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The data of a success.</summary>
    public JsonElement Data => MustBeOk().Json.GetProperty("data");

    /// <summary>A text among the data.</summary>
    public string Text(string name) => Data.GetProperty(name).GetString()!;

    public Answer MustBeOk()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{(int)Status} {Body}");
        return this;
    }

    /// <summary>Asserts a failure in the agreed shape, without anything that is nobody's business.</summary>
    public Answer MustBe(HttpStatusCode status, string code)
    {
        Assert.True(Status == status, $"{(int)Status} {Body}");
        string[] waiting = RetryAfter is null ? [] : ["retryAfterSeconds"];
        Assert.Equal(["success", "error", "code", .. waiting], Json.EnumerateObject().Select(p => p.Name));
        if (RetryAfter is { } wait)
        {
            Assert.Equal(wait.TotalSeconds, Json.GetProperty("retryAfterSeconds").GetInt32());
        }

        Assert.False(Json.GetProperty("success").GetBoolean());
        Assert.Equal(code, Json.GetProperty("code").GetString());
        Assert.DoesNotContain("   at ", Body, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Asserts bad input whose message names the field.</summary>
    public Answer MustRefuse(string field)
    {
        MustBe(HttpStatusCode.BadRequest, "invalid_input");
        Assert.Contains(field, Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        return this;
    }
}
