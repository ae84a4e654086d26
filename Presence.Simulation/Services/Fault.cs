namespace Presence.Simulation.Services;

/// <summary>What can go wrong with a request.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The service refuses at once: 500, 503, 429.</summary>
    Refused,

    /// <summary>The request is lost; the caller waits in vain.</summary>
    LostRequest,

    /// <summary>It is done, but its answer is lost: the connection breaks.</summary>
    LostAnswer,

    /// <summary>The caller gives up, and it is done after that all the same.</summary>
    Late,

    /// <summary>A write is done, its answer is lost, and the retry meets its own success: 412.</summary>
    OwnConflict,

    /// <summary>A write is refused for a conflict that is none: 412.</summary>
    FalseConflict,

    /// <summary>The instance dies before the request leaves.</summary>
    CrashBefore,

    /// <summary>The instance dies while it waits; the request is done.</summary>
    CrashAfter,
}
