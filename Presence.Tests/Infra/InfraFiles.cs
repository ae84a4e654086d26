namespace Presence.Tests.Infra;

/// <summary>The dashboards and alert queries of <c>infra</c>.</summary>
internal static class InfraFiles
{
    public static string Dashboard(string name) => Repository.Read("infra", "dashboards", name);

    /// <summary>The query of each alert, by the name of its file.</summary>
    public static IReadOnlyDictionary<string, string> AlertQueries() =>
        Directory.EnumerateFiles(Repository.PathOf("infra", "alerts"), "*.kql").Order(StringComparer.Ordinal)
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllText);
}
