using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Presence.Core.Domain;

/// <summary>A secret that another one has taken the place of.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="Until">Until when it signs, too.</param>
public sealed record PreviousSecret(ImmutableArray<byte> Secret, DateTimeOffset Until)
{
    /// <summary>Says nothing of it.</summary>
    public override string ToString() => nameof(PreviousSecret);
}

/// <summary>
/// What the messages of a webhook are signed with: one secret, and for a day after it was exchanged the one before as well, so that receivers
/// can change over while messages come.
/// </summary>
/// <remarks>
/// Exchanged again within that day, three sign: the one in use, the one right before it, and the oldest whose day has not ended. Those between them end.
/// Whoever has lost the answer to an exchange has to exchange again, and its receiver knows the oldest until then; whoever exchanges twice on purpose has
/// a receiver that knows the one right before. That a secret signs helps nobody who has stolen it: what ends a stolen one is that the receiver drops it.
/// </remarks>
/// <param name="Current">The secret in use.</param>
/// <param name="Previous">Those before, the latest first: <see cref="MostPrevious"/> at most, and some of them may have ended.</param>
public sealed record WebhookSecrets(ImmutableArray<byte> Current, ImmutableArray<PreviousSecret> Previous)
{
    /// <summary>One that was never exchanged.</summary>
    public WebhookSecrets(ImmutableArray<byte> current)
        : this(current, [])
    {
    }

    /// <summary>How many before the one in use sign as well, at most.</summary>
    public const int MostPrevious = 2;

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

    /// <summary>Until when the one right before signs, too; null where it was never exchanged.</summary>
    public DateTimeOffset? PreviousUntil => Previous is [var latest, ..] ? latest.Until : null;

    /// <summary>With another secret in use; that one already is no change.</summary>
    public WebhookSecrets Exchanged(ImmutableArray<byte> next, DateTimeOffset now) => Current.AsSpan().SequenceEqual(next.AsSpan())
        ? this
        : new(next, [new(Current, now + Overlap), .. Previous.Where(one => now < one.Until).TakeLast(MostPrevious - 1)]);

    /// <summary>Those that sign at a moment, the one in use first.</summary>
    public IReadOnlyList<ImmutableArray<byte>> At(DateTimeOffset now) => [Current, .. Previous.Where(one => now < one.Until).Select(one => one.Secret)];

    /// <summary>Says nothing of them.</summary>
    public override string ToString() => nameof(WebhookSecrets);
}
