namespace Presence.Core.Truth;

/// <summary>
/// How ids begin, as far as storage has been asked: by which characters those of some beginning go on. Whoever goes from one to the next, each time
/// to any of them alike, comes to users of all parts, however long all ids begin in the same way and whatever they are made of. Users are spread over
/// shards by a hash, so that what is found in one shard is true of all that have many.
/// </summary>
internal sealed class IdBeginnings(Func<double> chance)
{
    /// <summary>Stands for the end of an id, and, as something to ask for, for whatever comes first.</summary>
    public const char End = '\0';

    private const string Usual = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly HashSet<char> _seen = [];
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    /// <summary>Of what characters ids are made.</summary>
    public void Saw(string id) => _seen.UnionWith(id.Where(IsOrdered));

    /// <summary>
    /// By what a beginning may go on, chosen by chance: past all that is known to exist, to something that is to be asked for. Null where nothing is left
    /// to ask for.
    /// </summary>
    public (string Beginning, char Next)? Draw(string beginning)
    {
        while (NodeOf(beginning) is { Possible: { Count: > 0 } possible } node)
        {
            var next = possible[(int)(chance() * possible.Count)];
            if (next == End || !node.Known.Contains(next))
            {
                return (beginning, next);
            }

            beginning += next;
        }

        return null;
    }

    /// <summary>Takes in what was found: that which goes on with what was asked for, or the next that there is; null for none.</summary>
    public void Learn(string beginning, char asked, char? found)
    {
        var node = NodeOf(beginning);
        node.Possible.RemoveAll(c => c != found && (c == asked || (!node.Known.Contains(c) && IsBetween(c, asked, found))));
        if (found is { } next && !char.IsSurrogate(next) && node.Known.Add(next) && !node.Possible.Contains(next))
        {
            node.Possible.Add(next);
        }
    }

    private static bool IsBetween(char c, char asked, char? found) =>
        IsOrdered(c) && c >= asked && (found is not { } next || (IsOrdered(next) && c < next));

    /// <summary>Whether it lies in the order of keys where it lies among characters. What keys must escape does not.</summary>
    private static bool IsOrdered(char c) => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '@' or ':' or '+' or '=' or '~';

    private Node NodeOf(string beginning)
    {
        if (!_nodes.TryGetValue(beginning, out var node))
        {
            node = new([End, .. beginning.Length == 0 ? _seen.Union(Usual) : _seen], []);
            _nodes.Add(beginning, node);
        }

        return node;
    }

    /// <param name="Possible">By what it may go on: all that is known, and that of which it is not known.</param>
    /// <param name="Known">By what it does.</param>
    private sealed record Node(List<char> Possible, HashSet<char> Known);
}
