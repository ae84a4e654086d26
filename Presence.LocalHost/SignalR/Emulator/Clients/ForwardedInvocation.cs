namespace Presence.LocalHost.SignalR;

/// <summary>A client's call of a hub method.</summary>
/// <param name="Target">The method.</param>
/// <param name="Arguments">The JSON array of the arguments.</param>
/// <param name="InvocationId">Null when the client waits for no answer.</param>
internal sealed record ForwardedInvocation(string Target, string Arguments, string? InvocationId);
