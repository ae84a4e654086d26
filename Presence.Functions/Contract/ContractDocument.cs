using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Presence.Functions.Contract;

/// <summary>
/// A document of the contract, as an answer. It is a file of the sources, which a test holds to what the functions and their types declare, and so
/// the same whichever host runs them. Read when it is first asked for.
/// </summary>
internal sealed class ContractDocument : IResult
{
    public const string OpenApiName = "openapi.json";

    public const string AsyncApiName = "asyncapi.json";

    private readonly Lazy<(byte[] Bytes, string Tag)> _content;

    private ContractDocument(string name) => _content = new(() => Read(name));

    /// <summary>The routes: OpenAPI 3.1.</summary>
    public static ContractDocument OpenApi { get; } = new(OpenApiName);

    /// <summary>The messages: AsyncAPI 3.0.</summary>
    public static ContractDocument AsyncApi { get; } = new(AsyncApiName);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (bytes, tag) = _content.Value;
        var response = httpContext.Response;
        response.Headers.ETag = tag;

        // Kept, but asked about each time: it changes with the code, and a 304 is cheap.
        response.Headers.CacheControl = "no-cache";
        if (IsKnown(httpContext.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(new(tag), useStrongComparison: false));

    private static (byte[] Bytes, string Tag) Read(string name)
    {
        using var stream = typeof(ContractDocument).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The build did not embed {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
    }
}
