using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Presence.Functions.Http;
using Presence.Tests.Functions.Http;

namespace Presence.Tests.Contract;

/// <summary>Writes what operations answer. Failures of one kind stand once, and are named by all operations that have them.</summary>
internal sealed class OpenApiResponses
{
    private const string Json = "application/json";

    private readonly ContractSchemas _schemas;
    private readonly SortedDictionary<string, JsonObject> _named = new(StringComparer.Ordinal);

    public OpenApiResponses(ContractSchemas schemas)
    {
        _schemas = schemas;
        Failure("NotFound", [FailureCodes.NotFound]);
        Failure("MethodNotAllowed", [FailureCodes.MethodNotAllowed], "Allow");
        _named["Methods"] = new() { ["description"] = "What every path answers to `OPTIONS`.", ["headers"] = HeadersOf("Cache-Control", "Allow", "Access-Control-Expose-Headers") };
        _named["KeyMissing"] = new() { ["description"] = "The function key is missing or wrong. No body." };
        _named["Unmodified"] = new() { ["description"] = "What the caller has is what there is. No body.", ["headers"] = HeadersOf("Cache-Control", RequestValues.TokenHeader, "Access-Control-Expose-Headers") };
    }

    public JsonObject ToJson() => new(_named.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value.DeepClone())));

    /// <summary>The headers that answers may have.</summary>
    public static JsonObject Headers() => new()
    {
        ["Accept-Encoding"] = Header("What a body may be encoded by.", new() { ["const"] = "identity" }),
        ["Access-Control-Expose-Headers"] = Header("Which of these headers, and `Date`, pages of other origins may read.", new() { ["type"] = "string" }),
        ["Allow"] = Header("The methods that the path answers to.", new() { ["type"] = "string", ["pattern"] = "^([A-Z]+, )*OPTIONS$" }, isRequired: true),
        ["Cache-Control"] = Header("No answer is to be kept.", new() { ["const"] = "no-store" }, isRequired: true),
        ["ETag"] = Header("What names this version of the document.", new() { ["type"] = "string", ["pattern"] = "^\"[0-9a-f]{32}\"$" }, isRequired: true),
        [RequestValues.TokenHeader] = Header("What to send back with the next call of the same user; where there is none, the one before stays good.", new() { ["type"] = "string" }),
        ["Retry-After"] = Header("After how many seconds to try again.", new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = RetryAfter.Most }, isRequired: true),
        ["Revalidate"] = Header("It may be kept, and is to be asked about each time.", new() { ["const"] = "no-cache" }, isRequired: true),
        ["WWW-Authenticate"] = Header("Which credentials are wanted.", new() { ["const"] = "Bearer" }, isRequired: true),
    };

    /// <summary>The answers of an operation, by status.</summary>
    public JsonObject Of(Operation operation, DeclaredFunction function, bool isHead)
    {
        if (operation.IsDocument)
        {
            return Document(isHead);
        }

        if (operation.IsOfHealth)
        {
            return Health(operation, isHead);
        }

        var written = new SortedDictionary<int, JsonObject> { [200] = Success(operation, isHead) };
        if (operation.CanBeUnmodified)
        {
            written[304] = JsonText.Reference("#/components/responses/Unmodified");
        }

        if (function.Level == AuthorizationLevel.Function)
        {
            written[401] = JsonText.Reference("#/components/responses/KeyMissing");
        }

        foreach (var failures in FailuresOf(operation, function).GroupBy(failure => failure.Status))
        {
            written[failures.Key] = Failure(NameOf([.. failures]), [.. failures], HeadersOf(failures.Key));
        }

        return new(written.Select(one => KeyValuePair.Create(one.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)(isHead ? WithoutBody(one.Value) : one.Value))));
    }

    private JsonObject Health(Operation operation, bool isHead)
    {
        var written = new JsonObject { ["200"] = Success(operation, isHead) };
        if (operation.Answers[0] == typeof(ReadinessAnswer))
        {
            var unready = Success(operation, isHead);
            unready["description"] = "Something is away.";
            written["503"] = unready;
        }

        return written;
    }

    /// <summary>A failure by HEAD has its status and headers, and no body.</summary>
    private JsonObject WithoutBody(JsonObject response)
    {
        if (response["$ref"]?.GetValue<string>() is not { } reference || _named[reference.Split('/')[^1]] is not { } named || !named.ContainsKey("content"))
        {
            return response;
        }

        var name = reference.Split('/')[^1] + "Head";
        var bare = named.DeepClone().AsObject();
        bare.Remove("content");
        _named.TryAdd(name, bare);
        return JsonText.Reference("#/components/responses/" + name);
    }

    private static IEnumerable<FailureCode> FailuresOf(Operation operation, DeclaredFunction function)
    {
        var isOfCaller = function.Level == AuthorizationLevel.Anonymous;
        return new[]
        {
            operation.Query.Count > 0 || operation.Body is not null || operation.IsActivity || function.RouteParameters.Count > 0 ? [FailureCodes.InvalidInput, FailureCodes.BadRequest] : [],
            isOfCaller ? [FailureCodes.Unauthenticated, FailureCodes.IdentityUnavailable] : [],
            operation.Body is not null ? [FailureCodes.TooSlow, FailureCodes.UnsupportedEncoding, FailureCodes.UnsupportedCharset] : [],
            [FailureCodes.Cancelled, FailureCodes.Internal, FailureCodes.UnreadableRecord, FailureCodes.StorageUnavailable],
            operation.Failures,
        }.SelectMany(failures => failures);
    }

    private JsonObject Success(Operation operation, bool isHead)
    {
        var headers = new List<string> { "Cache-Control", "Access-Control-Expose-Headers" };
        if (operation.IsActivity)
        {
            headers.Add(RequestValues.TokenHeader);
        }

        var written = new JsonObject { ["description"] = "Done.", ["headers"] = HeadersOf([.. headers]) };
        if (!isHead)
        {
            written["content"] = operation.Text is { } type
                ? new() { [type.Split(';')[0]] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } }
                : new JsonObject { [Json] = new JsonObject { ["schema"] = operation.IsPlain ? _schemas.OfAnswer(operation.Answers[0]) : Envelope(operation.Answers) } };
            if (operation.HasCsv)
            {
                written["content"]![HistoryValues.Csv.Split(';')[0]] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
            }
        }

        return written;
    }

    private JsonObject Envelope(IReadOnlyList<Type> answers) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["success"] = new JsonObject { ["const"] = true },
            ["data"] = answers.Count switch
            {
                0 => new() { ["type"] = "null" },
                1 => _schemas.OfAnswer(answers[0]),
                _ => new JsonObject { ["anyOf"] = new JsonArray([.. answers.Select(_schemas.OfAnswer)]) },
            },
        },
        ["required"] = new JsonArray("success", "data"),
    };

    private static JsonObject Document(bool isHead)
    {
        var (headers, unmodified) = (HeadersOf("ETag"), HeadersOf("ETag"));
        headers["Cache-Control"] = JsonText.Reference("#/components/headers/Revalidate");
        unmodified["Cache-Control"] = JsonText.Reference("#/components/headers/Revalidate");
        var written = new JsonObject { ["description"] = "The document.", ["headers"] = headers };
        if (!isHead)
        {
            written["content"] = new JsonObject { [Json] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } };
        }

        return new()
        {
            ["200"] = written,
            ["304"] = new JsonObject { ["description"] = "The caller has it, by its `If-None-Match`. No body.", ["headers"] = unmodified },
        };
    }

    private JsonObject Failure(string name, IReadOnlyList<FailureCode> failures, params string[] headers)
    {
        if (!_named.ContainsKey(name))
        {
            var narrowed = new JsonObject { ["properties"] = new JsonObject { ["code"] = FieldLimits.Words(failures.Select(f => f.Code).Distinct()) } };
            if (headers.Contains("Retry-After"))
            {
                narrowed["required"] = new JsonArray("retryAfterSeconds");
            }

            _named[name] = new()
            {
                ["description"] = string.Join(" ", failures.Select(f => $"`{f.Code}`: {f.When}.")),
                ["headers"] = HeadersOf(["Cache-Control", .. headers, "Access-Control-Expose-Headers"]),
                ["content"] = new JsonObject
                {
                    [Json] = new JsonObject { ["schema"] = new JsonObject { ["allOf"] = new JsonArray(FailureSchema(), narrowed) } },
                },
            };
        }

        return JsonText.Reference("#/components/responses/" + name);
    }

    private JsonObject FailureSchema() => _schemas.Named("Failure", new()
    {
        ["description"] = "The body of every failure.",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["success"] = new JsonObject { ["const"] = false },
            ["error"] = new JsonObject { ["type"] = "string", ["description"] = "What is wrong, for people." },
            ["code"] = new JsonObject { ["type"] = "string", ["description"] = "The same for programs.", ["enum"] = JsonText.Strings(FailureCodes.All.Select(f => f.Code).Distinct()) },
            ["retryAfterSeconds"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["description"] = "What the header `Retry-After` says, for those who see no headers." },
        },
        ["required"] = new JsonArray("success", "error", "code"),
    });

    /// <summary>Named for the codes in it, so that operations which fail alike share one.</summary>
    private static string NameOf(IReadOnlyList<FailureCode> failures) => string.Concat(failures
        .Select(f => f.Code).Distinct()
        .SelectMany(code => code.Split('_'))
        .Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string[] HeadersOf(int status) => status switch
    {
        401 => ["WWW-Authenticate"],
        415 => ["Accept-Encoding"],
        429 or 503 => ["Retry-After"],
        _ => [],
    };

    private static JsonObject HeadersOf(params string[] names) =>
        new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)JsonText.Reference("#/components/headers/" + name))));

    private static JsonObject Header(string description, JsonObject schema, bool isRequired = false)
    {
        var written = new JsonObject { ["description"] = description };
        if (isRequired)
        {
            written["required"] = true;
        }

        written["schema"] = schema;
        return written;
    }
}
