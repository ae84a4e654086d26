namespace Presence.Core.Options;

/// <summary>How messages are sent.</summary>
public enum DeliveryMode
{
    /// <summary>By the function itself, which sees the answer; what is refused is sent again by the next sweep. At least once.</summary>
    Hub,

    /// <summary>By the host, after the function has ended, over the SignalR output binding. At most once, and one storage request cheaper.</summary>
    Binding,
}
