using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Tests.Core;

/// <summary>The data the tests of Core start from.</summary>
internal static class Some
{
    public const string Conversation = "team-1";
    public const string Connection = "c1";
    public const string OtherConnection = "c2";
    public const string SigningKey = "a-shared-key-of-at-least-32-bytes!";
    public const string Audience = "presence-tests";

    public static DateTimeOffset Start { get; } = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static PresenceKey Alice { get; } = PresenceKey.Registered("alice");

    public static PresenceKey Bob { get; } = PresenceKey.Registered("bob");

    public static PresenceKey Guest { get; } = PresenceKey.Anonymous("guest");

    public static TimeSpan Seconds(double count) => TimeSpan.FromSeconds(count);

    public static FakeTimeProvider Clock() => new(Start);

    public static PresenceOptions Settings(Action<PresenceOptions>? change = null)
    {
        var options = new PresenceOptions();
        Configure(options);
        change?.Invoke(options);
        return options;
    }

    /// <summary>What has no default and must be set.</summary>
    public static void Configure(PresenceOptions options)
    {
        options.Authentication.SigningKey = SigningKey;
        options.Authentication.Audience = Audience;
        // Else each message is two.
        options.LastSeenCanBeHidden = false;
    }

    /// <summary>Registered users, as many as asked for.</summary>
    public static PresenceKey[] Users(int count) => [.. Enumerable.Range(1, count).Select(i => PresenceKey.Registered($"user-{i}"))];
}
