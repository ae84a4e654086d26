using System.Net;

namespace Presence.LocalHost.SignalR;

/// <summary>What goes wrong with one REST call or upstream event. Whatever is not set goes well.</summary>
internal sealed record EmulatedFault
{
    public static readonly EmulatedFault None = new();

    /// <summary>It never arrives: an event is lost, a REST call's connection is cut before anything is done.</summary>
    public static readonly EmulatedFault Lost = new() { IsLost = true };

    /// <summary>A REST call is carried out, and its connection cut instead of an answer.</summary>
    public static readonly EmulatedFault AnswerLost = new() { LosesAnswer = true };

    /// <summary>An event arrives twice, one after the other.</summary>
    public static readonly EmulatedFault Doubled = new() { Times = 2 };

    /// <summary>How long it is on its way before anything else happens to it.</summary>
    public TimeSpan Delay { get; init; }

    public bool IsLost { get; init; }

    /// <summary>Instead of being carried out, a REST call is answered so.</summary>
    public HttpStatusCode? Refusal { get; init; }

    /// <summary>What a refusal says in its header Retry-After.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool LosesAnswer { get; init; }

    /// <summary>How often an event arrives.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Later events of its connection do not wait for a delayed one.</summary>
    public bool IsOvertaken { get; init; }

    /// <summary>An event that is held back and lets those behind it pass.</summary>
    public static EmulatedFault Overtaken(TimeSpan delay) => new() { Delay = delay, IsOvertaken = true };

    public static EmulatedFault Delayed(TimeSpan delay) => new() { Delay = delay };

    public static EmulatedFault Refused(HttpStatusCode status, TimeSpan? retryAfter = null) =>
        new() { Refusal = status, RetryAfter = retryAfter };
}
