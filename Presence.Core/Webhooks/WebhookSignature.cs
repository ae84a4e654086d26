using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Presence.Core.Domain;

namespace Presence.Core.Webhooks;

/// <summary>
/// The signature of Standard Webhooks 1.0: HMAC-SHA256 over id, timestamp and body, divided by dots, under each secret in force.
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Version = "v1";

    /// <summary>The moment as the header writes it: seconds since 1970.</summary>
    public static string Timestamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The header: one signature for each secret, divided by blanks. A receiver needs to find one that is right.</summary>
    public static string Of(WebhookSecrets secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{Timestamp(at)}."), .. body];
        return string.Join(' ', secrets.At(at).Select(secret => $"{Version},{Convert.ToBase64String(HMACSHA256.HashData(secret.AsSpan(), signed))}"));
    }
}
