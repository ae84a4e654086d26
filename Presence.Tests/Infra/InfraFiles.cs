namespace Presence.Tests.Infra;

/// <summary>The dashboards and alert queries of <c>infra</c>, as copied beside the tests.</summary>
internal static class InfraFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Infra", "files");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    /// <summary>The query of each alert, by the name of its file.</summary>
    public static IReadOnlyDictionary<string, string> AlertQueries() =>
        Directory.EnumerateFiles(Folder, "*.kql").Order(StringComparer.Ordinal)
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllText);
}
