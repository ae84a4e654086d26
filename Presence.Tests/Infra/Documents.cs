namespace Presence.Tests.Infra;

/// <summary>The pages in docs/.</summary>
internal static class Documents
{
    public static string[] Lines(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Presence.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below the solution.");
        }

        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", name));
    }
}
