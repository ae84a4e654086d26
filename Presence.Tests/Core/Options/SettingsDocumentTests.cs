using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Presence.Core.Options;

namespace Presence.Tests.Core.Options;

/// <summary>docs/settings.md names every setting that there is, with its default, and no other.</summary>
public sealed partial class SettingsDocumentTests
{
    private static readonly object Defaults = new PresenceOptions();

    private static readonly IReadOnlyList<(string[] Names, string Default)> Rows =
    [
        .. Repository.Read("docs/settings.md").Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (Code().Matches(cells[1]).Select(m => m.Groups[1].Value).ToArray(), cells[2])),
    ];

    [Fact]
    public void EverySettingHasARowAndEveryRowASetting()
    {
        var told = Rows.SelectMany(row => row.Names.Select(WholeName));

        Assert.Equal(Settings().Select(s => s.Name).Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void DefaultsAreThoseOfTheCode()
    {
        var defaults = Settings().ToDictionary(s => s.Name, s => s.Default);
        foreach (var (names, told) in Rows)
        {
            var values = Code().Matches(told).Select(m => m.Groups[1].Value).ToList();
            foreach (var (name, value) in names.Zip(values).Where(_ => values.Count == names.Length))
            {
                var key = WholeName(name);
                var expected = Convert.ToString(defaults[key], CultureInfo.InvariantCulture)!;
                Assert.Equal((name, defaults[key] is bool ? expected.ToLowerInvariant() : expected), (name, value));
            }
        }
    }

    private static IEnumerable<(string Name, object? Default)> Settings() => Writable(Defaults.GetType())
        .Where(p => p.PropertyType != typeof(AuthenticationOptions) && p.PropertyType != typeof(PricesOptions) && !p.Name.EndsWith("Schedule", StringComparison.Ordinal))
        .Select(p => (p.Name, p.GetValue(Defaults)))
        .Concat(Writable(typeof(AuthenticationOptions)).Select(p => ("Authentication__" + p.Name, p.GetValue(new AuthenticationOptions()))))
        .Concat(Writable(typeof(PricesOptions)).Select(p => ("Prices__" + p.Name, p.GetValue(new PricesOptions()))));

    private static string WholeName(string name) => name.StartsWith("__", StringComparison.Ordinal) ? "Authentication" + name : name;

    private static IEnumerable<PropertyInfo> Writable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true });

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
