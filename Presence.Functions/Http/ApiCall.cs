using Microsoft.Azure.Functions.Worker;
using Presence.Core.Callers;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>One call under way: who calls, and what is to be told to others whether or not it succeeds.</summary>
public sealed class ApiCall(HttpRequest request, Announcer announcer)
{
    private readonly List<Transition> _transitions = [];
    private readonly List<object> _actions = [];

    /// <summary>The request.</summary>
    public HttpRequest Request { get; } = request;

    /// <summary>What the caller has shown, once that is known.</summary>
    public Caller? Credentials { get; set; }

    /// <summary>Who calls, once that is known.</summary>
    public PresenceKey Caller => Credentials?.User ?? default;

    /// <summary>Changes of status to announce.</summary>
    public void Announce(IEnumerable<Transition> transitions) => _transitions.AddRange(transitions);

    /// <summary>A further message, after the announcements.</summary>
    public void Send(SignalRMessageAction message) => _actions.Add(message);

    /// <summary>A change of group membership, after the announcements.</summary>
    public void Apply(SignalRGroupAction action) => _actions.Add(action);

    /// <summary>The output of the function: the answer, and all that was gathered.</summary>
    public ApiOutput Answer(IResult response) => new()
    {
        Response = response,
        SignalR = [.. announcer.Announce(_transitions), .. _actions],
    };
}
