using System.Text.RegularExpressions;

namespace Presence.LocalHost.SignalR;

/// <summary>Hub and application names: what the service accepts, and the form in which it tells hubs apart.</summary>
internal static partial class HubName
{
    public static bool IsValid(string? name) => name is not null && Pattern.IsMatch(name);

    public static string Normalize(string hub) => hub.ToLowerInvariant();

    /// <summary>Applications sharing one service have their hubs apart.</summary>
    public static string Normalize(string? application, string hub) =>
        Normalize(string.IsNullOrEmpty(application) ? hub : $"{application}_{hub}");

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_`,.[\]]{0,127}\z")]
    private static partial Regex Pattern { get; }
}
