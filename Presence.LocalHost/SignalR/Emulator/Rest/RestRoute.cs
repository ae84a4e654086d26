namespace Presence.LocalHost.SignalR;

/// <summary>One operation of the REST API: its kind, its method, its path with {ids}, and what carries it out.</summary>
internal sealed record RestRoute(
    EmulatedOperation Operation, string Method, string Path, Func<RestCall, ValueTask<RestAnswer>> CarryOut)
{
    public const string Hub = "hub";
    public const string ConnectionId = "connectionId";
    public const string User = "user";
    public const string Group = "group";

    private readonly string[] _template = RequestTarget.Segments(Path);

    // The official SDK asks whether a user is in a group with GET where the specification says HEAD.
    public bool Answers(string method) => method == Method || (method == HttpMethods.Get && Method == HttpMethods.Head);

    /// <summary>The ids in the path, or null when the path is another.</summary>
    public IReadOnlyDictionary<string, string>? Match(IReadOnlyList<string> segments)
    {
        if (segments.Count != _template.Length)
        {
            return null;
        }

        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (part, segment) in _template.Zip(segments))
        {
            if (part.StartsWith('{'))
            {
                ids[part.Trim('{', '}')] = segment;
            }
            else if (!string.Equals(part, segment, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        return ids;
    }
}
