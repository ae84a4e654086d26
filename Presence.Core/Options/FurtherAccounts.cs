using System.Text.RegularExpressions;

namespace Presence.Core.Options;

/// <summary>How <see cref="PresenceOptions.StorageAccounts"/> is written.</summary>
internal static partial class FurtherAccounts
{
    /// <summary>The most accounts of one table, the first among them.</summary>
    public const int Most = 10;

    /// <summary>The accounts, one by one.</summary>
    public static string[] Split(string? accounts) =>
        (accounts ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether it is the name of an account, the address of a table service, or a connection string.</summary>
    public static bool IsValid(string account) => IsConnectionString(account) || IsAddress(account) || NamePattern().IsMatch(account);

    /// <summary>Whether it brings its own credential.</summary>
    public static bool IsConnectionString(string account) => !IsAddress(account) && account.Contains('=', StringComparison.Ordinal);

    /// <summary>Where the table service of an account is, which is given by its name or by that address.</summary>
    public static string AddressOf(string account) => IsAddress(account) ? account : $"https://{account}.table.core.windows.net";

    private static bool IsAddress(string account) =>
        Uri.TryCreate(account, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Query.Length == 0;

    [GeneratedRegex("^[a-z0-9]{3,24}$")]
    private static partial Regex NamePattern();
}
