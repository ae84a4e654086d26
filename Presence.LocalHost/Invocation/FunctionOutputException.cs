namespace Presence.LocalHost.Invocation;

/// <summary>Outputs of a function could not be sent, so its invocation failed although it returned.</summary>
internal sealed class FunctionOutputException(string message, IEnumerable<Exception> failures) : AggregateException(message, failures);
