using System.Security.Cryptography;
using System.Text;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Invocation.Upstream;

/// <summary>Proves that an event comes from the SignalR Service whose access key this host has too.</summary>
internal sealed class UpstreamSignature(IConfiguration configuration)
{
    private const string Scheme = "sha256=";

    private readonly byte[]? _accessKey = AccessKey(configuration[SettingNames.SignalRConnectionString]);

    public bool IsValid(HttpRequest request)
    {
        if (_accessKey is null || request.Headers[UpstreamHeaders.ConnectionId].ToString() is not { Length: > 0 } connectionId)
        {
            return false;
        }

        var expected = HMACSHA256.HashData(_accessKey, Encoding.UTF8.GetBytes(connectionId));
        var isValid = false;
        // One signature per key of the service; all are compared, whichever fits.
        foreach (var signature in request.Headers[UpstreamHeaders.Signature].SelectMany(header => header?.Split(',') ?? []))
        {
            isValid |= IsOf(expected, signature.Trim());
        }

        return isValid;
    }

    private static bool IsOf(byte[] expected, string signature)
    {
        Span<byte> actual = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return signature.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && signature.Length == Scheme.Length + 2 * actual.Length
            && Convert.FromHexString(signature.AsSpan(Scheme.Length), actual, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(expected, actual);
    }

    private static byte[]? AccessKey(string? connectionString)
    {
        const string Name = "AccessKey=";
        var part = connectionString?.Split(';', StringSplitOptions.TrimEntries)
            .FirstOrDefault(part => part.StartsWith(Name, StringComparison.OrdinalIgnoreCase) && part.Length > Name.Length);
        return part is null ? null : Encoding.UTF8.GetBytes(part[Name.Length..]);
    }
}
