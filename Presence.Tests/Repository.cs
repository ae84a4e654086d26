using System.Reflection;

namespace Presence.Tests;

/// <summary>The sources that the tests were built from: deployment, documents and workflow are tested as they are.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata(nameof(Repository));

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    /// <summary>What the build has written into the assembly.</summary>
    public static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
