
namespace Presence.LocalHost.SignalR;

/// <summary>The parts of a connection string of Azure SignalR Service (or an emulator of it) with an access key.</summary>
internal sealed class SignalRConnectionString
{
    public const string DefaultSetting = "AzureSignalRConnectionString";

    /// <summary>What signing with HS256 needs.</summary>
    public const int ShortestAccessKey = 32;

    private SignalRConnectionString(Uri endpoint, Uri clientEndpoint, Uri serverEndpoint, string accessKey)
    {
        Endpoint = endpoint;
        ClientEndpoint = clientEndpoint;
        ServerEndpoint = serverEndpoint;
        AccessKey = accessKey;
    }

    /// <summary>Where the service is. Ends with a slash.</summary>
    public Uri Endpoint { get; }

    /// <summary>Names the service in the audience of every token, as its SDKs do: without a port. Ends with a slash.</summary>
    public string Audience => $"{Endpoint.Scheme}://{Endpoint.Host}/";

    /// <summary>Where clients connect; differs from <see cref="Endpoint"/> only behind a reverse proxy.</summary>
    public Uri ClientEndpoint { get; }

    /// <summary>Where the REST API is called; differs from <see cref="Endpoint"/> only behind a reverse proxy.</summary>
    public Uri ServerEndpoint { get; }

    public string AccessKey { get; }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">Names the setting and the part that is wrong, never the key.</exception>
    public static SignalRConnectionString Parse(string? value, string setting = DefaultSetting)
    {
        var parts = Split(value, setting);
        if (parts.ContainsKey("AuthType"))
        {
            throw Invalid(setting, "AuthType is not supported here; use a connection string with an AccessKey");
        }

        if (parts.TryGetValue("Version", out var version) && !version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw Invalid(setting, "Version must be 1.x");
        }

        var endpoint = WithPort(ReadUri(parts, "Endpoint", setting) ?? throw Invalid(setting, "Endpoint is missing"), parts, setting);
        return new(
            endpoint,
            ReadUri(parts, "ClientEndpoint", setting) ?? endpoint,
            ReadUri(parts, "ServerEndpoint", setting) ?? endpoint,
            ReadAccessKey(parts, setting));
    }

    /// <summary>Shows where the service is; the key stays hidden.</summary>
    public override string ToString() => Endpoint.AbsoluteUri;

    private static Dictionary<string, string> Split(string? value, string setting)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw Invalid(setting, "the connection string is missing");
        }

        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Invalid(setting, "every part must be written Name=Value");
            }

            var name = part[..equals].TrimEnd();
            if (!parts.TryAdd(name, part[(equals + 1)..].TrimStart()))
            {
                throw Invalid(setting, $"{name} appears twice");
            }
        }

        return parts;
    }

    private static Uri? ReadUri(Dictionary<string, string> parts, string name, string setting)
    {
        if (!parts.TryGetValue(name, out var value))
        {
            return null;
        }

        return Uri.TryCreate(value.TrimEnd('/') + "/", UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
                ? uri
                : throw Invalid(setting, $"{name} must be an absolute http or https address");
    }

    private static Uri WithPort(Uri endpoint, Dictionary<string, string> parts, string setting)
    {
        if (!parts.TryGetValue("Port", out var value))
        {
            return endpoint;
        }

        return ushort.TryParse(value, out var port) && port > 0
            ? new UriBuilder(endpoint) { Port = port }.Uri
            : throw Invalid(setting, "Port must be a number from 1 to 65535");
    }

    private static string ReadAccessKey(Dictionary<string, string> parts, string setting)
    {
        if (!parts.TryGetValue("AccessKey", out var key))
        {
            throw Invalid(setting, "AccessKey is missing");
        }

        return key.Length >= ShortestAccessKey
            ? key
            : throw Invalid(setting, $"AccessKey must have at least {ShortestAccessKey} characters");
    }

    private static FormatException Invalid(string setting, string what) => new($"{setting}: {what}.");
}
