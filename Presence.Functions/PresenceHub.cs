namespace Presence.Functions;

/// <summary>
/// The SignalR hub. Its name is the class's name, for the output binding, the triggers and the service alike. What a host must do itself,
/// negotiating and asking for connections, stands in that host's part of this class.
/// </summary>
public sealed partial class PresenceHub
{
    /// <summary>The hub's name.</summary>
    public const string Name = nameof(PresenceHub);
}
