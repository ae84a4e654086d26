using System.Diagnostics;
using System.Text.Json;
using Presence.LocalHost.Azurite;

namespace Presence.Tests.Infra;

/// <summary>Reads queries with the parsers of those who made the languages.</summary>
internal static class QueryParser
{
    private const string Scripts = "Infra/js";

    /// <summary>Reads KQL as Azure does, against <see cref="LogTables"/>.</summary>
    public static Task<Dictionary<string, KqlReading>> ReadKqlAsync(IReadOnlyDictionary<string, string> queries) =>
        ReadAsync<KqlReading>(new { language = "kql", tables = LogTables.Columns, queries });

    /// <summary>Reads PromQL as Prometheus does.</summary>
    public static Task<Dictionary<string, PromQlReading>> ReadPromQlAsync(IReadOnlyDictionary<string, string> queries) =>
        ReadAsync<PromQlReading>(new { language = "promql", queries });

    private static async Task<Dictionary<string, T>> ReadAsync<T>(object question)
    {
        var folder = await JavaScriptInstallation.EnsureAsync(Scripts);
        using var node = Process.Start(new ProcessStartInfo(new NodeTools(null).Node, ["queries.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await JsonSerializer.SerializeAsync(node.StandardInput.BaseStream, question);
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        return node.ExitCode == 0
            ? JsonSerializer.Deserialize<Dictionary<string, T>>(await output, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"The queries could not be read: {await errors}");
    }
}
