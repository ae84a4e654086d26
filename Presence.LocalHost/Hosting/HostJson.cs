using System.Text.Json;

namespace Presence.LocalHost.Hosting;

/// <summary>What the local host takes from host.json.</summary>
internal static class HostJson
{
    private const string DefaultRoutePrefix = "api";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The first part of all routes of HTTP functions.</summary>
    /// <exception cref="LocalHostStartException">The file is no JSON.</exception>
    public static string RoutePrefix(string path)
    {
        if (!File.Exists(path))
        {
            return DefaultRoutePrefix;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            JsonElement? element = json.RootElement;
            foreach (var name in (string[])["extensions", "http", "routePrefix"])
            {
                element = element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var child)
                    ? child
                    : null;
            }

            return element is { ValueKind: JsonValueKind.String } prefix ? prefix.GetString()! : DefaultRoutePrefix;
        }
        catch (JsonException invalid)
        {
            throw new LocalHostStartException($"{path} is not valid JSON: {invalid.Message}", invalid);
        }
    }
}
