using Aspire.Hosting;

namespace Presence.Aspire.Hosting;

/// <summary>Where the local host is.</summary>
internal static class LocalHostProject
{
    private const string Name = "Presence.LocalHost";

    /// <summary>Its project file.</summary>
    /// <param name="appHost">The folder of the AppHost.</param>
    /// <param name="given">A folder or file, relative to that; null or empty to look for it there and above.</param>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public static string Find(string appHost, string? given)
    {
        if (!string.IsNullOrEmpty(given))
        {
            var path = Path.GetFullPath(given, appHost);
            return File.Exists(path) ? path
                : In(path) ?? throw new DistributedApplicationException($"There is no {Name} at {path}.");
        }

        for (var folder = new DirectoryInfo(appHost); folder is not null; folder = folder.Parent)
        {
            if (In(Path.Combine(folder.FullName, Name)) is { } project)
            {
                return project;
            }
        }

        throw new DistributedApplicationException(
            $"There is no folder {Name} at {appHost} or above: say where it is by AddPresence(\"presence\", \"../path/to/{Name}\"), or by the setting {PresenceHosting.ProjectSetting}.");
    }

    private static string? In(string folder) => Path.Combine(folder, Name + ".csproj") is var project && File.Exists(project) ? project : null;
}
