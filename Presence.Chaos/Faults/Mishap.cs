using System.Net;
using Presence.Chaos.Network;
using Presence.LocalHost.SignalR;

namespace Presence.Chaos.Faults;

/// <summary>Something that can go wrong with a service that all hosts need, for a while.</summary>
/// <param name="Name">As the live lines tell it.</param>
/// <param name="Begin">Makes it go wrong, in so many cases of a hundred.</param>
internal sealed record Mishap(string Name, Action<ActiveFaults, int> Begin)
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.5);

    public static readonly IReadOnlyList<Mishap> All =
    [
        OfCalls("SignalR refuses with 503", EmulatedFault.Refused(HttpStatusCode.ServiceUnavailable)),
        OfCalls("SignalR refuses with 429", EmulatedFault.Refused(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1))),
        OfCalls("SignalR does as told and its answer is lost", EmulatedFault.AnswerLost),
        OfCalls("SignalR calls are lost", EmulatedFault.Lost),
        OfCalls("SignalR calls are late", EmulatedFault.Delayed(Late)),
        OfEvents("connection events are lost", EmulatedFault.Lost),
        OfEvents("connection events are late", EmulatedFault.Delayed(Late)),
        OfEvents("connection events come twice", EmulatedFault.Doubled),
        OfEvents("connection events come in the wrong order", EmulatedFault.Overtaken(Late)),
        OfStorage("storage refuses with 503", ForwardFault.Refused),
        OfStorage("storage does as told and its answer is lost", ForwardFault.AnswerLost),
        OfStorage("connections to storage are cut", ForwardFault.Cut),
        OfStorage("storage is slow", new ForwardFault { Pause = Late }),
    ];

    private static Mishap OfCalls(string name, EmulatedFault fault) => OfSignalR(name, fault, isCall => isCall);

    private static Mishap OfEvents(string name, EmulatedFault fault) => OfSignalR(name, fault, isCall => !isCall);

    private static Mishap OfSignalR(string name, EmulatedFault fault, Predicate<bool> concerns) => new(name, (faults, percent) =>
        faults.SignalR = call => concerns(!IsEvent(call.Operation)) && faults.Hits(percent) ? fault : null);

    private static Mishap OfStorage(string name, ForwardFault fault) => new(name, (faults, percent) =>
        faults.Storage = () => faults.Hits(percent) ? fault : null);

    private static bool IsEvent(EmulatedOperation operation) =>
        operation is EmulatedOperation.Connected or EmulatedOperation.Disconnected or EmulatedOperation.Message;
}
