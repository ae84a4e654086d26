using System.Text.Json;

namespace Presence.Tests.Infra;

/// <summary>One panel of the Grafana dashboard.</summary>
internal sealed record GrafanaPanel(JsonElement Json)
{
    public int Id => Json.GetProperty("id").GetInt32();

    public string Type => Json.GetProperty("type").GetString()!;

    public string? Title => Text(Json, "title");

    public string? Description => Text(Json, "description");

    public bool HasQueries => Type is not ("row" or "text");

    public string? Unit => Text(Defaults, "unit");

    public IEnumerable<double> Thresholds => Defaults.GetProperty("thresholds").GetProperty("steps").EnumerateArray()
        .Select(step => step.GetProperty("value")).Where(value => value.ValueKind == JsonValueKind.Number).Select(value => value.GetDouble());

    public IEnumerable<JsonElement> Targets => Json.TryGetProperty("targets", out var targets) ? targets.EnumerateArray() : [];

    public (int X, int Y, int Width, int Height) Place => (Cell("x"), Cell("y"), Cell("w"), Cell("h"));

    private JsonElement Defaults => Json.GetProperty("fieldConfig").GetProperty("defaults");

    public bool Overlaps(GrafanaPanel other)
    {
        var (a, b) = (Place, other.Place);
        return a.X < b.X + b.Width && b.X < a.X + a.Width && a.Y < b.Y + b.Height && b.Y < a.Y + a.Height;
    }

    private int Cell(string name) => Json.GetProperty("gridPos").GetProperty(name).GetInt32();

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;
}
