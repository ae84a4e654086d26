using Microsoft.Extensions.Primitives;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>An upstream event of SignalR Service.</summary>
public sealed class SignalRInvocationContext
{
    /// <summary>The arguments of a message; null for connection events.</summary>
    public object[]? Arguments { get; set; }

    /// <summary>Why the connection was closed; null when it was closed in order.</summary>
    public string? Error { get; set; }

    public SignalRInvocationCategory Category { get; set; }

    public string Event { get; set; } = null!;

    public string Hub { get; set; } = null!;

    public string ConnectionId { get; set; } = null!;

    // As in the worker package, this and the three dictionaries are null when the service did not send them.
    public string UserId { get; set; } = null!;

    public IDictionary<string, StringValues> Headers { get; set; } = null!;

    public IDictionary<string, StringValues> Query { get; set; } = null!;

    public IDictionary<string, StringValues> Claims { get; set; } = null!;
}
