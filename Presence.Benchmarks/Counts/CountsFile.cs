using System.Text.Encodings.Web;
using System.Text.Json;

namespace Presence.Benchmarks.Counts;

/// <summary>The counts that are known, as they are checked in.</summary>
internal static class CountsFile
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The counts by name.</summary>
    /// <exception cref="InvalidDataException">It is no file of counts.</exception>
    public static IReadOnlyDictionary<string, double> Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, double>>(text)
                ?? throw new InvalidDataException("The file of the known counts is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The file of the known counts cannot be read: {e.Message}", e);
        }
    }

    public static string Write(IEnumerable<Count> counts) =>
        JsonSerializer.Serialize(counts.ToDictionary(count => count.Name, count => Math.Round(count.Value, 3)), Readable) + "\n";
}
