using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Presence.Tests.Contract;

/// <summary>What the sources say of types and their members in their own comments, as plain text with code in backticks.</summary>
internal static partial class XmlComments
{
    private static readonly Dictionary<string, XElement> Members = new[] { "Presence.Core.xml", "Presence.LocalHost.xml" }
        .SelectMany(file => XDocument.Load(Path.Combine(AppContext.BaseDirectory, file)).Descendants("member"))
        .Where(member => member.Attribute("name")!.Value[1..].StartsWith(":Presence.", StringComparison.Ordinal))
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The summary of a type; null where it has none.</summary>
    public static string? OfType(Type type) => Summary("T:" + NameOf(type));

    /// <summary>The summary of a property, or what its record says of the parameter that made it; null where neither is.</summary>
    public static string? OfProperty(Type type, string name)
    {
        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            if ((Summary($"P:{NameOf(declaring)}.{name}") ?? Parameter(declaring, name)) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The summary of a value of an enum; null where it has none.</summary>
    public static string? OfValue(Type type, string name) => Summary($"F:{NameOf(type)}.{name}");

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string? Summary(string id) => Members.TryGetValue(id, out var member) && member.Element("summary") is { } text ? Plain(text) : null;

    private static string? Parameter(Type type, string name) =>
        Members.TryGetValue("T:" + NameOf(type), out var member)
        && member.Elements("param").FirstOrDefault(p => p.Attribute("name")!.Value == name) is { } text ? Plain(text) : null;

    private static string Plain(XElement element) => Spaces().Replace(string.Concat(element.Nodes().Select(Plain)), " ").Trim();

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => $"`{Reference(see)}`",
        XElement { Name.LocalName: "paramref" } parameter => $"`{parameter.Attribute("name")!.Value}`",
        XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
        XElement other => Plain(other),
        _ => "",
    };

    private static string Reference(XElement see)
    {
        var reference = see.Attribute("cref")?.Value ?? see.Attribute("langword")!.Value;
        var name = reference.Split('(')[0].Split('.')[^1];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? char.ToLowerInvariant(name[0]) + name[1..] : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
