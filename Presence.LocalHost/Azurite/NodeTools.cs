using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Azurite;

/// <summary>Finds the programs of Node.js.</summary>
internal sealed class NodeTools(string? searchPath)
{
    private readonly string _searchPath = searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "";

    public string Node => Find("node", OperatingSystem.IsWindows() ? "node.exe" : "node");

    public string Npm => Find("npm", OperatingSystem.IsWindows() ? "npm.cmd" : "npm");

    private string Find(string tool, string fileName) =>
        _searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder.Trim('"'), fileName))
            .FirstOrDefault(File.Exists)
        ?? throw new LocalHostStartException(
            $"Azurite cannot be started: '{tool}' is not on the PATH. "
            + $"Install Node.js 20 or later, or set {SettingNames.StorageConnectionString} to a storage account.");
}
