using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;

namespace Presence.Tests.Core.TableStorage;

/// <summary>An answer that no service gave, though it looks like one of the Table service, unless it is foreign.</summary>
internal sealed class FakeResponse(int status, string body = "{}", params (string Name, string Value)[] headers) : Response
{
    /// <summary>Whether it lacks what the Table service puts on each of its answers.</summary>
    public bool IsForeign { get; init; }

    public override int Status => status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; } = new MemoryStream(Encoding.UTF8.GetBytes(body));

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose()
    {
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => All.Select(h => new HttpHeader(h.Name, h.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = All.FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    private IEnumerable<(string Name, string Value)> All => IsForeign ? headers : headers.Append(("x-ms-request-id", "none"));
}
