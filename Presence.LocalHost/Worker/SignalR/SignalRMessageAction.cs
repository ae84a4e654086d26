namespace Microsoft.Azure.Functions.Worker;

/// <summary>A message to one connection, user or group, or to everybody when none of them is set.</summary>
public sealed class SignalRMessageAction
{
    public SignalRMessageAction(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    public SignalRMessageAction(string target, object[]? arguments)
        : this(target) => Arguments = arguments;

    public string? ConnectionId { get; set; }

    public string? UserId { get; set; }

    public string? GroupName { get; set; }

    /// <summary>The client method that is called.</summary>
    public string Target { get; }

    public object[]? Arguments { get; set; }

    public SignalREndpoint[]? Endpoints { get; set; }
}
