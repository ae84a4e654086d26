using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>One call under way: who calls, and what is to be told to others whether or not it succeeds.</summary>
public sealed class ApiCall(HttpRequest request)
{
    private readonly List<Transition> _transitions = [];
    private readonly List<SignalRMessageAction> _messages = [];
    private readonly List<SignalRGroupAction> _groups = [];

    /// <summary>The request.</summary>
    public HttpRequest Request { get; } = request;

    /// <summary>Who calls, once that is known.</summary>
    public PresenceKey Caller { get; set; }

    /// <summary>Changes of status to announce.</summary>
    public void Announce(IEnumerable<Transition> transitions) => _transitions.AddRange(transitions);

    /// <summary>A further message.</summary>
    public void Send(SignalRMessageAction message) => _messages.Add(message);

    /// <summary>A change of group membership.</summary>
    public void Apply(SignalRGroupAction action) => _groups.Add(action);

    /// <summary>The output of the function: the answer, and all that was gathered.</summary>
    public ApiOutput Answer(IResult response) => new()
    {
        Response = response,
        Messages = [.. SignalRActions.Announce(_transitions), .. _messages],
        Groups = [.. _groups],
    };
}
