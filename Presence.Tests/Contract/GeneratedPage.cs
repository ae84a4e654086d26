namespace Presence.Tests.Contract;

/// <summary>A page of the documentation with parts that are written from elsewhere, each between two comments that name it.</summary>
internal sealed class GeneratedPage(string name)
{
    private readonly string _path = Repository.PathOf("docs", name);

    /// <summary>Holds the parts of the page to their lines.</summary>
    public void MustSay(params (string Part, IEnumerable<string> Lines)[] parts)
    {
        var text = File.ReadAllText(_path);
        foreach (var (part, lines) in parts)
        {
            var (begin, end) = ($"<!-- {part}: written by a test -->\n", $"<!-- {part}: end -->");
            var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
            Assert.True(from >= 0 && to > from, $"docs/{name} has no place for {part}: {begin}{end}");
            text = text[..(from + begin.Length)] + string.Join('\n', lines).Trim() + "\n" + text[to..];
        }

        ContractFiles.MustSay(_path, text);
    }
}
