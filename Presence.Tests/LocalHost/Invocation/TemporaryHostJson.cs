using System.Text.Json;

namespace Presence.Tests.LocalHost.Invocation;

/// <summary>A host.json with a route prefix, or without one when it is null.</summary>
internal sealed class TemporaryHostJson : IDisposable
{
    private TemporaryHostJson(string path) => Path = path;

    public string Path { get; }

    public static TemporaryHostJson With(string? routePrefix)
    {
        var path = System.IO.Path.GetTempFileName();
        File.WriteAllText(path, JsonSerializer.Serialize(new { extensions = new { http = new { routePrefix } } }));
        return new TemporaryHostJson(path);
    }

    public void Dispose() => File.Delete(Path);
}
