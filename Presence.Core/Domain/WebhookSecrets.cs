using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Presence.Core.Domain;

/// <summary>
/// What the messages of a webhook are signed with: one secret, and for a day after it was exchanged the one before as well, so that receivers
/// can change over while messages come.
/// </summary>
/// <param name="Current">The secret in use.</param>
/// <param name="Previous">The one before; none where it was never exchanged.</param>
/// <param name="PreviousUntil">Until when that one signs, too.</param>
public sealed record WebhookSecrets(ImmutableArray<byte> Current, ImmutableArray<byte> Previous, DateTimeOffset? PreviousUntil)
{
    /// <summary>One that was never exchanged.</summary>
    public WebhookSecrets(ImmutableArray<byte> current)
        : this(current, [], PreviousUntil: null)
    {
    }

    /// <summary>What a secret begins with where it is written: Standard Webhooks 1.0.</summary>
    public const string Prefix = "whsec_";

    /// <summary>How many random bytes a secret has: Standard Webhooks asks for 24 to 64.</summary>
    public const int Length = 32;

    /// <summary>How long the secret before still signs.</summary>
    public static TimeSpan Overlap { get; } = TimeSpan.FromHours(24);

    /// <summary>A new secret.</summary>
    public static ImmutableArray<byte> Make() => [.. RandomNumberGenerator.GetBytes(Length)];

    /// <summary>As it is shown, once.</summary>
    public static string Write(ImmutableArray<byte> secret) => Prefix + Convert.ToBase64String(secret.AsSpan());

    /// <summary>With another secret in use; that one already is no change. Two at most: the one before the one before signs no more.</summary>
    public WebhookSecrets Exchanged(ImmutableArray<byte> next, DateTimeOffset now) =>
        Current.AsSpan().SequenceEqual(next.AsSpan()) ? this : new(next, Current, now + Overlap);

    /// <summary>Those that sign at a moment, the one in use first.</summary>
    public IReadOnlyList<ImmutableArray<byte>> At(DateTimeOffset now) => now < PreviousUntil ? [Current, Previous] : [Current];

    /// <summary>Says nothing of them.</summary>
    public override string ToString() => nameof(WebhookSecrets);
}
