namespace Presence.Simulation.Operations;

/// <summary>What became of an operation, as far as whoever asked can know.</summary>
internal enum Answer
{
    /// <summary>Nothing yet.</summary>
    Open,

    /// <summary>It is done.</summary>
    Ok,

    /// <summary>503: it may or may not be done.</summary>
    Unavailable,

    /// <summary>403 <c>signed_out</c>.</summary>
    SignedOut,

    /// <summary>401.</summary>
    Unauthenticated,

    /// <summary>403 or 429: it may not, or not so often.</summary>
    Refused,

    /// <summary>The instance died: it may or may not be done.</summary>
    Lost,

    /// <summary>Something nobody foresaw.</summary>
    Broken,
}
