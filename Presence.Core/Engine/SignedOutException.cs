using System.Globalization;

namespace Presence.Core.Engine;

/// <summary>The caller's credentials were issued before the user was signed out, and the user has not come back since; or it is kept out.</summary>
/// <param name="bannedUntil">Until when it is kept out; null where it is not.</param>
public sealed class SignedOutException(DateTimeOffset? bannedUntil = null) : Exception(bannedUntil is { } until
    ? string.Create(CultureInfo.InvariantCulture, $"The user is signed out, and kept out until {until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}.")
    : "The user, or this device, was signed out since these credentials were issued. Sign in again, or make a call that counts as activity.");
