using System.Text.Json.Nodes;

namespace Presence.Tests.Contract;

/// <summary>The reference pages of the documentation say what the documents say.</summary>
public class ContractPageTests
{
    private static readonly JsonObject OpenApi = ContractFiles.Read(ContractFiles.OpenApi);

    private static readonly JsonObject AsyncApi = ContractFiles.Read(ContractFiles.AsyncApi);

    [Fact]
    public void ThePageOfTheRoutesSaysWhatTheDocumentSays()
    {
        var schemas = Schemas(OpenApi);
        var bodies = schemas.Where(schema => schema.Value["additionalProperties"] is not null && schema.Value["properties"] is not null).ToList();
        new GeneratedPage("http.md").MustSay(
            ("routes", Operations.Tags.SelectMany(tag => Routes(tag.Key, tag.Value))),
            ("parameters", ParametersOfQueries()),
            ("request headers", ["| header | | |", "|---|---|---|", .. Parts("parameters").Select(p => SchemaText.Row($"`{p.Key}`", SchemaText.Kind(p.Value["schema"]!.AsObject()), Text(p.Value, "description")))]),
            ("answer headers", ["| header | |", "|---|---|", .. Parts("headers").Where(h => h.Key != "Revalidate").Select(h => SchemaText.Row($"`{h.Key}`", Text(h.Value, "description")))]),
            ("errors", ["| status | `code` | when |", "|---|---|---|", .. FailureCodes.All.Select(f => SchemaText.Row($"{f.Status}", $"`{f.Code}`", f.When))]),
            ("bodies", bodies.SelectMany(schema => SchemaText.Section(schema.Key, schema.Value))),
            ("answers", schemas.Except(bodies).Where(schema => schema.Key != "NoFields").SelectMany(schema => SchemaText.Section(schema.Key, schema.Value))));
    }

    [Fact]
    public void ThePageOfTheMessagesSaysWhatTheDocumentSays() => new GeneratedPage("events.md").MustSay(
        (
            "messages",
            [
                "| message | argument | tells | who is told | what a client does |",
                "|---|---|---|---|---|",
                .. Messages.All.Select(m => SchemaText.Row(
                    $"`{m.Target}`",
                    SchemaText.Kind(AsyncApi["components"]!["messages"]![AsyncApiWriter.NameOf(m)]!["payload"]!.AsObject()),
                    m.Summary,
                    m.Recipients,
                    m.Handling)),
            ]),
        ("arguments", Schemas(AsyncApi).SelectMany(schema => SchemaText.Section(schema.Key, schema.Value))));

    private static IEnumerable<string> Routes(string tag, string description) =>
    [
        $"### {char.ToUpperInvariant(tag[0])}{tag[1..]}",
        "",
        description,
        "",
        "| route | who | what | body | answer |",
        "|---|---|---|---|---|",
        .. from path in OpenApi["paths"]!.AsObject()
           from method in path.Value!.AsObject()
           where method.Key != "head" && method.Value!["tags"]![0]!.GetValue<string>() == tag
           select Route(path.Key, method.Key.ToUpperInvariant(), method.Value!.AsObject()),
        "",
    ];

    private static string Route(string path, string method, JsonObject operation)
    {
        var security = operation["security"]!.AsArray().Select(one => one!.AsObject().Single().Key).ToList();
        var body = operation["requestBody"]?["content"]!["application/json"]!["schema"]!.AsObject();
        var content = operation["responses"]!["200"]!["content"]!.AsObject();
        var answer = (content["application/json"] ?? content.Single().Value)!["schema"]!.AsObject();
        var query = (operation["parameters"]?.AsArray() ?? []).Where(p => p!["in"]?.GetValue<string>() == "query").Select(p => Text(p!, "name")).ToList();
        return SchemaText.Row(
            $"`{method} {path}`" + string.Concat(query.Select((name, i) => $"{(i == 0 ? " " : ", ")}`{name}`")),
            security.Contains("functionKey") ? "key" : security.Count == 0 ? "anybody" : "user",
            $"{Text(operation, "summary")}. {operation["description"]?.GetValue<string>()}".Trim(),
            body is null || body["$ref"]?.GetValue<string>().EndsWith("/NoFields", StringComparison.Ordinal) is true ? "" : SchemaText.Kind(body),
            answer["properties"]?["data"] is { } data ? SchemaText.Kind(data.AsObject()) : SchemaText.Kind(answer));
    }

    private static IEnumerable<string> ParametersOfQueries()
    {
        var all = from path in OpenApi["paths"]!.AsObject()
                  from method in path.Value!.AsObject()
                  where method.Key != "head"
                  from parameter in method.Value!["parameters"]?.AsArray() ?? []
                  where parameter!["in"] is not null
                  select parameter.AsObject();
        return
        [
            "| parameter | where | | |",
            "|---|---|---|---|",
            .. all.Select(p => SchemaText.Row($"`{Text(p, "name")}`", Text(p, "in"), SchemaText.Kind(p["schema"]!.AsObject()), Text(p, "description"))).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<KeyValuePair<string, JsonObject>> Parts(string kind) =>
        OpenApi["components"]![kind]!.AsObject().Select(part => KeyValuePair.Create(part.Key, part.Value!.AsObject()));

    private static List<KeyValuePair<string, JsonObject>> Schemas(JsonObject document) =>
        [.. document["components"]!["schemas"]!.AsObject().Select(schema => KeyValuePair.Create(schema.Key, schema.Value!.AsObject()))];

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
