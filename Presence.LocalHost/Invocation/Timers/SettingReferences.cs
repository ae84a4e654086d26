using System.Text.RegularExpressions;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Invocation.Timers;

/// <summary>Replaces <c>%Name%</c> in binding expressions by the setting of that name.</summary>
internal static partial class SettingReferences
{
    public static string Resolve(string functionName, string expression, IConfiguration configuration) =>
        Reference().Replace(expression, reference => configuration[reference.Groups["name"].Value] is { Length: > 0 } value
            ? value
            : throw new LocalHostStartException(
                $"Function '{functionName}' refers to the setting '{reference.Groups["name"].Value}', which is not set; set it in the environment as '{reference.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal)}'."));

    [GeneratedRegex("%(?<name>[^%]+)%")]
    private static partial Regex Reference();
}
