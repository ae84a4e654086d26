using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Presence.LocalHost.Hosting;

/// <summary>The web pages that may use this host from a browser: those of this machine, and those of the origins that the settings name.</summary>
internal sealed class PageOrigins
{
    private readonly HashSet<string> _further;

    private PageOrigins(HashSet<string> further) => _further = further;

    /// <summary>Pages of this machine.</summary>
    public static PageOrigins OfThisMachine { get; } = new([]);

    /// <exception cref="LocalHostStartException">The setting holds something else than origins.</exception>
    public static PageOrigins Read(IConfiguration configuration) =>
        configuration[SettingNames.AllowedOrigins] is { Length: > 0 } origins
            ? new([.. origins.Split(',', StringSplitOptions.TrimEntries).Select(Parse)])
            : OfThisMachine;

    public bool Allow(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback || _further.Contains(origin);

    /// <summary>Whether the settings name an origin of this host name.</summary>
    public bool NameHost(string host) => _further.Any(origin => new Uri(origin).IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>With credentials, as SignalR's clients ask.</summary>
    public void Apply(CorsPolicyBuilder policy) => policy
        .SetIsOriginAllowed(Allow)
        .AllowAnyHeader()
        .AllowAnyMethod()
        .AllowCredentials();

    /// <summary>An origin as browsers write it.</summary>
    private static string Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "", AbsolutePath: "/" }
        && !text.EndsWith('/') && !text.Contains('*')
            ? new UriBuilder(uri.Scheme, uri.IdnHost, uri.Port).Uri.GetLeftPart(UriPartial.Authority)
            : throw new LocalHostStartException(
                $"{SettingNames.InEnvironment(SettingNames.AllowedOrigins)}: '{text}' is no origin such as https://app.example.com (several are divided by commas).");
}
