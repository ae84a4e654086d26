using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Presence.Tests.Contract;

/// <summary>A request and its answer, as they went over the wire.</summary>
internal sealed record Exchange(string Method, Uri Uri, IReadOnlyDictionary<string, string> RequestHeaders, string? RequestBody, int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Path => Uri.AbsolutePath;
}

/// <summary>
/// Holds answers to the document of the routes: status, headers, body. Requests too, where they were taken: what the functions take must be described
/// as something that they take.
/// </summary>
internal sealed class ExchangeCheck(OpenApiContract contract)
{
    /// <summary>Headers that do not depend on the route, or come from the server or what stands in front of it.</summary>
    private static readonly string[] Others =
    [
        "Content-Length", "Content-Type", "Date", "Server", "Transfer-Encoding", "Vary", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
        "Connection", "Request-Context", "Strict-Transport-Security",
    ];

    /// <summary>What is wrong; nothing where all is as it is described, or is no call of a route of ours.</summary>
    public IEnumerable<string> FaultsOf(Exchange exchange)
    {
        if (!IsOurs(exchange))
        {
            return [];
        }

        var operation = contract.Find(exchange.Method, exchange.Path);
        var response = operation is null ? Undescribed(exchange) : contract.Response(operation, exchange.Status);
        if (response is null)
        {
            return [$"{exchange.Status} is no answer that is described"];
        }

        var faults = OfHeaders(exchange, response).Concat(OfBody(exchange, response));
        return operation is not null && exchange.Status is 200 or 304 ? faults.Concat(OfRequest(exchange, operation!)) : faults;
    }

    private static bool IsOurs(Exchange exchange) =>
        (exchange.Path.Split('/')[1] is "api" or "maintenance" or "metrics" || exchange.Path is "/openapi.json" or "/asyncapi.json")
        && !exchange.RequestHeaders.ContainsKey("Access-Control-Request-Method");

    /// <summary>Other methods, other paths, and ids in paths that make others of them.</summary>
    private JsonObject? Undescribed(Exchange exchange) => exchange.Status switch
    {
        401 => contract.Response("KeyMissing"),
        204 when exchange.Method == "OPTIONS" && contract.HasPath(exchange.Path) => contract.Response("Methods"),
        405 when contract.HasPath(exchange.Path) => contract.Response("MethodNotAllowed"),
        404 when !contract.HasPath(exchange.Path) => contract.Response("NotFound"),
        400 when !contract.HasPath(exchange.Path) => contract.Response("InvalidInputBadRequest"),
        _ => null,
    };

    private IEnumerable<string> OfHeaders(Exchange exchange, JsonObject response)
    {
        var described = contract.HeadersOf(response);
        foreach (var (name, header) in described)
        {
            if (!exchange.Headers.TryGetValue(name, out var value))
            {
                if (header["required"]?.GetValue<bool>() is true)
                {
                    yield return $"the header {name} is missing";
                }
            }
            else if (contract.FindFaultInText(header["schema"]!.AsObject(), value) is { } fault)
            {
                yield return $"the header {name} is '{value}': {fault}";
            }
        }

        foreach (var name in exchange.Headers.Keys.Where(name => !described.ContainsKey(name) && !Others.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            yield return $"the header {name} is not described";
        }
    }

    private IEnumerable<string> OfBody(Exchange exchange, JsonObject response)
    {
        if (response["content"] is not JsonObject content || exchange.Method == "HEAD")
        {
            return exchange.Body.Length == 0 ? [] : [$"a body that is not described: {exchange.Body}"];
        }

        var type = exchange.Headers.GetValueOrDefault("Content-Type", "").Split(';')[0];
        if (content[type] is not { } media)
        {
            return [$"the content type is not {string.Join(" or ", content.Select(one => one.Key))}"];
        }

        return type != "application/json" || contract.Schemas.FindFault(media["schema"]!.AsObject(), JsonElement.Parse(exchange.Body)) is not { } fault ? [] : [$"{fault} in {exchange.Body}"];
    }

    private IEnumerable<string> OfRequest(Exchange exchange, DescribedOperation operation)
    {
        foreach (var (name, value) in operation.Match(exchange.Path)!)
        {
            if (operation.ParametersIn("path").FirstOrDefault(p => p["name"]!.GetValue<string>() == name) is { } parameter
                && contract.FindFaultInText(parameter["schema"]!.AsObject(), Uri.UnescapeDataString((string)value!)) is { } fault)
            {
                yield return $"{name} in the path was taken: {fault}";
            }
        }

        var query = QueryHelpers.ParseQuery(exchange.Uri.Query);
        foreach (var parameter in operation.ParametersIn("query"))
        {
            var name = parameter["name"]!.GetValue<string>();
            if (!query.Remove(name, out var value))
            {
                if (parameter["required"]?.GetValue<bool>() is true)
                {
                    yield return $"{name} in the query is required, and the call was taken without";
                }
            }
            else if (contract.FindFaultInText(parameter["schema"]!.AsObject(), value.ToString()) is { } fault)
            {
                yield return $"{name}={value} in the query was taken: {fault}";
            }
        }

        foreach (var name in query.Keys.Where(name => name != "code"))
        {
            yield return $"{name} in the query is not described";
        }

        foreach (var parameter in operation.ParametersIn("header"))
        {
            var name = parameter["name"]!.GetValue<string>();
            if (exchange.RequestHeaders.TryGetValue(name, out var value) && contract.FindFaultInText(parameter["schema"]!.AsObject(), value) is { } fault)
            {
                yield return $"the header {name}: {value} was taken: {fault}";
            }
        }

        if (OfRequestBody(exchange, operation) is { } inBody)
        {
            yield return inBody;
        }
    }

    private string? OfRequestBody(Exchange exchange, DescribedOperation operation)
    {
        if (operation.Body is not { } body || exchange.RequestBody is not { } text)
        {
            return null;
        }

        text = text.TrimStart('\uFEFF');
        return text.Length == 0
            ? body["required"]?.GetValue<bool>() is true ? "a call without a body was taken" : null
            : contract.Schemas.FindFault(body["content"]!["application/json"]!["schema"]!.AsObject(), JsonElement.Parse(text)) is { } fault ? $"a body was taken: {fault} in {text}" : null;
    }
}
