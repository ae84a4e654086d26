namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>What starts a function; on one of its parameters.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute;
