using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Presence.Tests.Contract;

/// <summary>An operation as the document describes it, with what it refers to in its place.</summary>
internal sealed record DescribedOperation(string Id, string Method, string Path, JsonObject Responses, IReadOnlyList<JsonObject> Parameters, JsonObject? Body, bool IsOfBackend, bool IsOpen)
{
    private readonly TemplateMatcher _matcher = new(TemplateParser.Parse(Path[1..]), []);

    /// <summary>How many of its segments stand for anything: of several that fit, the one with the fewest is meant.</summary>
    public int Openness { get; } = Path.Count(c => c == '{');

    /// <summary>What the path has in the place of parameters; null if it is not of this operation.</summary>
    public RouteValueDictionary? Match(string path) => new RouteValueDictionary() is var values && _matcher.TryMatch(path, values) ? values : null;

    /// <summary>The parameters of a place: <c>path</c>, <c>query</c> or <c>header</c>.</summary>
    public IEnumerable<JsonObject> ParametersIn(string place) => Parameters.Where(p => p["in"]!.GetValue<string>() == place);
}
