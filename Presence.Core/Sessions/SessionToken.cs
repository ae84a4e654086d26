using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Presence.Core.Domain;

namespace Presence.Core.Sessions;

/// <summary>
/// The token of an anonymous session: the participant's id and 256 random bits, both base64url, with a dot between. It names its owner,
/// so that the row is found without an index; the secret is the random part, of which only a hash of the whole is stored.
/// </summary>
internal readonly record struct SessionToken(PresenceKey Participant, string Text)
{
    private const int SecretBytes = 32;
    private const int MaxLength = 1_024;

    public static SessionToken Create(PresenceKey participant)
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(secret);
        return new(
            participant,
            Base64Url.EncodeToString(Encoding.UTF8.GetBytes(participant.Id)) + "." + Base64Url.EncodeToString(secret));
    }

    /// <summary>Null for what no token of ours looks like.</summary>
    public static SessionToken? TryParse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || text.Length > MaxLength)
        {
            return null;
        }

        try
        {
            var id = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Base64Url.DecodeFromChars(text.AsSpan(0, dot)));
            return new SessionToken(PresenceKey.Anonymous(id), text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidInputException)
        {
            return null;
        }
    }

    /// <summary>SHA-256, base64url. The token has 256 random bits: nothing slower is needed.</summary>
    public string Hash() => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
