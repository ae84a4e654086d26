namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>What becomes of the value that a function returns.</summary>
/// <param name="ReadHttp">Takes the HTTP response out of the value; null when the function answers none.</param>
/// <param name="Outputs">What is sent to SignalR Service, in the order of declaration.</param>
internal sealed record FunctionResult(Func<object, IResult?>? ReadHttp, IReadOnlyList<FunctionOutput> Outputs)
{
    public static FunctionResult None { get; } = new(null, []);

    public IResult? HttpOf(object? value) => value is null ? null : ReadHttp?.Invoke(value);
}

/// <summary>One <c>[SignalROutput]</c>.</summary>
internal sealed record FunctionOutput(string Hub, Func<object, object?> Read);
