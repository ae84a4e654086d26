namespace Presence.LocalHost.Azurite;

/// <summary>Another program has the port that Azurite was to listen on.</summary>
internal sealed class PortInUseException : Exception;
