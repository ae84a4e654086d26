namespace Presence.Core.Engine;

/// <summary>The caller's credentials were issued before the user was signed out, and the user has not come back since.</summary>
public sealed class SignedOutException() : Exception(
    "The user has signed out since these credentials were issued. Sign in again, or make a call that counts as activity.");
