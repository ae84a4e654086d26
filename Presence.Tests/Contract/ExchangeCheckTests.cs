using System.Text.Json;
using System.Text.Json.Nodes;

namespace Presence.Tests.Contract;

/// <summary>What holds calls to the contract finds each kind of difference: a check that lets everything pass would be seen here.</summary>
public class ExchangeCheckTests
{
    private const string View =
        """{"success":true,"data":{"userId":"bob","isAnonymous":false,"isOnline":false,"status":"offline","availability":"offline","lastActiveAt":null,"lastSeenAt":null,"version":0}}""";

    private static readonly Dictionary<string, string> NoHeaders = [];

    [Fact]
    public void WhatIsDescribedHasNoFault() => Assert.Empty(Faults(Look()));

    [Theory]
    [InlineData("\"version\":0", "\"revision\":0")]
    [InlineData("\"version\":0", "\"version\":0,\"more\":1")]
    [InlineData(",\"version\":0", "")]
    [InlineData("\"version\":0", "\"version\":\"0\"")]
    [InlineData("\"status\":\"offline\"", "\"status\":\"gone\"")]
    [InlineData("\"lastSeenAt\":null", "\"lastSeenAt\":\"yesterday\"")]
    [InlineData("\"success\":true", "\"success\":false")]
    public void AnotherBodyIsFound(string written, string instead) => Assert.NotEmpty(Faults(Look() with { Body = View.Replace(written, instead, StringComparison.Ordinal) }));

    [Fact]
    public void AStatusThatIsNotDescribedIsFound() => Assert.NotEmpty(Faults(Failure(404, "not_found")));

    [Theory]
    [InlineData(400, "invalid_input", true)]
    [InlineData(400, "signed_out", false)]
    [InlineData(500, "internal_error", true)]
    [InlineData(503, "storage_unavailable", false)]
    public void ACodeOfAnotherStatusIsFoundAndAWaitThatIsNotTold(int status, string code, bool isDescribed) =>
        Assert.Equal(isDescribed, !Faults(Failure(status, code)).Any());

    [Theory]
    [InlineData("Cache-Control", "public")]
    [InlineData("Cache-Control", null)]
    [InlineData("Presence-Secret", "1")]
    [InlineData("Content-Type", "text/html")]
    public void AnotherHeaderIsFound(string name, string? value)
    {
        var headers = new Dictionary<string, string>(Look().Headers);
        headers.Remove(name);
        if (value is not null)
        {
            headers[name] = value;
        }

        Assert.NotEmpty(Faults(Look() with { Headers = headers }));
    }

    [Theory]
    [InlineData("Presence-Activity", "lazy")]
    [InlineData("Presence-Active-At", "yesterday")]
    [InlineData("Presence-Connected", "perhaps")]
    public void AHeaderThatWasTakenAndIsDescribedOtherwiseIsFound(string name, string value) =>
        Assert.NotEmpty(Faults(Look() with { RequestHeaders = new Dictionary<string, string> { [name] = value } }));

    [Theory]
    [InlineData("/api/presence/bob?more=1")]
    [InlineData("/api/presence?since=yesterday")]
    public void AQueryThatWasTakenAndIsDescribedOtherwiseIsFound(string path) => Assert.NotEmpty(Faults(Look() with { Uri = new("http://127.0.0.1" + path) }));

    [Theory]
    [InlineData("""{"ids":["bob"]}""", true)]
    [InlineData("""{"ids":[]}""", false)]
    [InlineData("""{"ids":["bob"],"more":1}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("", false)]
    public void ABodyThatWasTakenAndIsDescribedOtherwiseIsFound(string body, bool isDescribed)
    {
        var exchange = Look() with
        {
            Method = "POST",
            Uri = new("http://127.0.0.1/api/presence"),
            RequestBody = body,
            Body = """{"success":true,"data":{"users":[],"version":"1","isComplete":true}}""",
        };

        Assert.Equal(isDescribed, !Faults(exchange).Any());
    }

    [Fact]
    public void AFieldThatTheDocumentNamesOtherwiseIsFound()
    {
        var document = ContractFiles.Read(ContractFiles.OpenApi);
        var properties = document["components"]!["schemas"]!["PresenceView"]!["properties"]!.AsObject();
        properties["state"] = properties["status"]!.DeepClone();
        properties.Remove("status");

        Assert.NotEmpty(new ExchangeCheck(new(document)).FaultsOf(Look()));
    }

    [Fact]
    public void AnAnswerThatTheDocumentLeavesOutIsFound()
    {
        var document = ContractFiles.Read(ContractFiles.OpenApi);
        document["paths"]!["/api/presence/{userId}"]!["get"]!["responses"]!.AsObject().Remove("500");

        Assert.NotEmpty(new ExchangeCheck(new(document)).FaultsOf(Failure(500, "internal_error")));
    }

    [Theory]
    [InlineData("user:status", "[]")]
    [InlineData("user:status:batch", "[]")]
    [InlineData("user:gone", "{}")]
    [InlineData("conversation:counts", """{"conversationId":"c","members":1,"online":1,"away":0,"version":"x","more":1}""")]
    public void AnotherMessageIsFound(string target, string argument) => Assert.NotNull(AsyncApiContract.Current.FindFault(target, JsonElement.Parse(argument)));

    [Fact]
    public void AMessageThatIsDescribedHasNoFault() => Assert.Null(
        AsyncApiContract.Current.FindFault("conversation:counts", JsonElement.Parse("""{"conversationId":"c","members":1,"online":1,"away":0,"version":"x"}""")));

    private static IEnumerable<string> Faults(Exchange exchange) => new ExchangeCheck(OpenApiContract.Current).FaultsOf(exchange);

    private static Exchange Look() => new(
        "GET",
        new("http://127.0.0.1/api/presence/bob"),
        NoHeaders,
        RequestBody: "",
        200,
        new Dictionary<string, string> { ["Cache-Control"] = "no-store", ["Content-Type"] = "application/json; charset=utf-8" },
        View);

    private static Exchange Failure(int status, string code) =>
        Look() with { Status = status, Body = new JsonObject { ["success"] = false, ["error"] = "It failed.", ["code"] = code }.ToJsonString() };
}
