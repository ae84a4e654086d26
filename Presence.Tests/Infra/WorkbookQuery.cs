using System.Text.Json;

namespace Presence.Tests.Infra;

/// <summary>One panel of the workbook.</summary>
internal sealed record WorkbookQuery(string Name, JsonElement Content)
{
    public string Title => Content.GetProperty("title").GetString()!;

    public string Text => Content.GetProperty("query").GetString()!;

    public string Visualization => Content.GetProperty("visualization").GetString()!;

    /// <summary>What stands in brackets at the end of the title.</summary>
    public string? Unit => Title.EndsWith(')') && Title.LastIndexOf('(') is var start and > 0 ? Title[(start + 1)..^1] : null;
}
