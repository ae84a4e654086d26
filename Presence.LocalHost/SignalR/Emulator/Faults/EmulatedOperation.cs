namespace Presence.LocalHost.SignalR;

/// <summary>What is asked of the emulator over REST, or told upstream by it.</summary>
internal enum EmulatedOperation
{
    /// <summary>REST: send a message, to whomever.</summary>
    Send,

    /// <summary>REST: put a connection or a user into a group.</summary>
    EnterGroup,

    /// <summary>REST: take a connection or a user out of one group or of all.</summary>
    ExitGroup,

    /// <summary>REST: ask whether somebody is there.</summary>
    Exists,

    /// <summary>REST: close connections.</summary>
    Close,

    /// <summary>REST: ask whether the service is healthy.</summary>
    Health,

    /// <summary>Upstream: a client has connected.</summary>
    Connected,

    /// <summary>Upstream: a connection has ended.</summary>
    Disconnected,

    /// <summary>Upstream: a client calls a hub method.</summary>
    Message,
}
