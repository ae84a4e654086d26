namespace Presence.Chaos.Network;

/// <summary>What goes wrong with one request on its way.</summary>
internal sealed record ForwardFault
{
    public static readonly ForwardFault None = new();

    /// <summary>The connection is cut before the request arrives.</summary>
    public static readonly ForwardFault Cut = new() { IsCut = true };

    /// <summary>The request arrives and is carried out; then the connection is cut.</summary>
    public static readonly ForwardFault AnswerLost = new() { LosesAnswer = true };

    /// <summary>Answered 503 without arriving.</summary>
    public static readonly ForwardFault Refused = new() { IsRefused = true };

    /// <summary>How long the request stands still before anything else happens to it.</summary>
    public TimeSpan Pause { get; init; }

    public bool IsCut { get; init; }

    public bool LosesAnswer { get; init; }

    public bool IsRefused { get; init; }
}
