namespace Presence.LocalHost.Hosting;

/// <summary>Checks the addresses that the local host is to listen on.</summary>
internal static class ListenAddress
{
    public const string Default = "http://127.0.0.1:7071";
    public const string AnyPort = "http://127.0.0.1:0";

    /// <exception cref="LocalHostStartException">An address is of no use.</exception>
    public static void Validate(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!IsUsable(url.Trim()))
            {
                throw new LocalHostStartException($"'{url}' is not an address to listen on; give one such as --urls {Default}");
            }
        }
    }

    /// <summary>The address under which this machine reaches what listens on <paramref name="bound"/>.</summary>
    public static Uri Reachable(string bound)
    {
        var address = BindingAddress.Parse(bound);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new UriBuilder(address.Scheme, host, address.Port).Uri;
    }

    private static bool IsUsable(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address is { Scheme: "http", PathBase: "", IsUnixPipe: false, IsNamedPipe: false }
                // Kestrel listens on two addresses for that name, so one free port for both cannot be asked for.
                && !(address.Port == 0 && address.Host == "localhost");
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
