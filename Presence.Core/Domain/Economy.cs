namespace Presence.Core.Domain;

/// <summary>How sparing the system is, so that a month does not cost more than its budget. What is told stays right; it is told later.</summary>
public enum Economy
{
    /// <summary>As configured.</summary>
    Normal,

    /// <summary>Throttle windows are twice as long, as far as that is safe, and so are the times over which messages are gathered.</summary>
    Thrifty,

    /// <summary>Four times.</summary>
    Frugal,

    /// <summary>Eight times.</summary>
    Austere,
}

/// <summary>Steps of economy as the API and the metrics name them.</summary>
public static class EconomyName
{
    /// <summary>The name.</summary>
    public static string Of(Economy economy) => economy switch
    {
        Economy.Normal => "normal",
        Economy.Thrifty => "thrifty",
        Economy.Frugal => "frugal",
        Economy.Austere => "austere",
    };
}
