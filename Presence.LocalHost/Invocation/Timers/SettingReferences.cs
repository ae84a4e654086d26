using System.Text.RegularExpressions;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Invocation.Timers;

/// <summary>Replaces <c>%Name%</c> in binding expressions by the setting of that name.</summary>
internal static partial class SettingReferences
{
    public static string Resolve(string functionName, string expression, IConfiguration configuration) =>
        Reference().Replace(expression, reference => Setting(functionName, reference.Groups["name"].Value, configuration));

    private static string Setting(string functionName, string name, IConfiguration configuration) =>
        configuration[name] is { Length: > 0 } value
            ? value
            : throw new LocalHostStartException(
                $"Function '{functionName}' refers to the setting '{name}', which is not set; "
                + $"set it in the environment as '{name.Replace(":", "__", StringComparison.Ordinal)}'.");

    [GeneratedRegex("%(?<name>[^%]+)%")]
    private static partial Regex Reference();
}
