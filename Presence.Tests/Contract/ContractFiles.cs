using System.Text.Json.Nodes;

namespace Presence.Tests.Contract;

/// <summary>The documents as they stand in the sources and are handed out.</summary>
internal static class ContractFiles
{
    /// <summary>Set to 1, what says something else is written anew instead of refused.</summary>
    private const string Update = "PRESENCE_UPDATE_DOCS";

    public const string OpenApi = "openapi.json";

    public const string AsyncApi = "asyncapi.json";

    public static string PathOf(string name) => Repository.PathOf("Presence.Functions", "Contract", name);

    public static JsonObject Read(string name) => JsonNode.Parse(File.ReadAllText(PathOf(name)))!.AsObject();

    /// <summary>Holds a file to a text.</summary>
    public static void MustSay(string path, string text)
    {
        var said = File.Exists(path) ? File.ReadAllText(path) : "";
        if (said != text && Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, text);
            return;
        }

        Assert.True(said == text, $"{path} must say something else ({Update}=1 writes it). The first line that differs is to be:\n{FirstDifference(said, text)}");
    }

    private static string? FirstDifference(string said, string text)
    {
        var (old, current) = (said.Split('\n'), text.Split('\n'));
        return current.Where((line, i) => i >= old.Length || old[i] != line).FirstOrDefault();
    }
}
