using System.Text.RegularExpressions;

namespace Presence.Tests;

/// <summary>Pages of the documentation lead to what is there.</summary>
public sealed partial class DocumentLinkTests
{
    private static readonly string[] Folders = ["docs", "recipes"];

    private static readonly string[] Pages =
    [
        .. Directory.GetFiles(Repository.PathOf("."), "*.md"),
        .. Folders.SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories)).Where(page => !page.Contains("node_modules", StringComparison.Ordinal)),
    ];

    [Fact]
    public void EveryLinkLeadsToAFileAndAHeadingThatIsThere()
    {
        var broken = Pages.SelectMany(page => Links().Matches(File.ReadAllText(page))
            .Select(link => link.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !IsThere(page, link))
            .Select(link => $"{Path.GetFileName(page)}: {link}"));

        Assert.Empty(broken);
    }

    [Fact]
    public void TheReadmeStaysShort() => Assert.InRange(Repository.Read("README.md").Split('\n').Length, 1, 150);

    private static bool IsThere(string page, string link)
    {
        var (file, anchor) = link.Split('#') is [var path, var heading] ? (path, heading) : (link, "");
        var target = file.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, file));
        return Path.Exists(target) && (anchor.Length == 0 || Headings().Matches(File.ReadAllText(target)).Any(h => AnchorOf(h.Groups[1].Value) == anchor));
    }

    /// <summary>As GitHub makes them: lower case, no punctuation, hyphens for spaces.</summary>
    private static string AnchorOf(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is '_' or '-' or ' ')).Replace(' ', '-');

    [GeneratedRegex("""(?:\]\(|src=")([^)"\s]+)[)"]""")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();
}
