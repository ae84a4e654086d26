namespace Presence.Core.Callers;

/// <summary>The caller brought no credentials, or none that hold. The message is safe to show.</summary>
public sealed class UnauthenticatedException(string message) : Exception(message);
