namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Where a value that a function returned goes; on the method or on a property of the class it returns.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public abstract class OutputBindingAttribute : BindingAttribute;
