namespace Presence.LocalHost.Invocation.Http;

/// <summary>Endpoint metadata: the methods that a function accepts; empty for all.</summary>
internal sealed record FunctionMethods(IReadOnlyList<string> Methods)
{
    public bool Accept(string method) => Methods.Count == 0 || Methods.Contains(method, StringComparer.OrdinalIgnoreCase);
}
