using System.Collections;
using Microsoft.Azure.Functions.Worker;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation;

/// <summary>Sends what a function returned for SignalR Service.</summary>
internal sealed class FunctionOutputs(ISignalROutput signalR)
{
    /// <summary>
    /// One action after the other. As on the Functions host, a failure ends its own output, the others are still sent, and the
    /// invocation fails.
    /// </summary>
    public async Task SendAsync(FunctionDefinition function, object? result, CancellationToken cancellationToken)
    {
        if (result is null)
        {
            return;
        }

        var failures = new List<Exception>();
        foreach (var output in function.Result.Outputs)
        {
            try
            {
                foreach (var action in Actions(output.Read(result)))
                {
                    await SendAsync(output.Hub, action, cancellationToken);
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new FunctionOutputException($"{failures.Count} of {function.Result.Outputs.Count} outputs were not sent.", failures);
        }
    }

    private static IEnumerable Actions(object? output) => output switch
    {
        null => Array.Empty<object>(),
        IEnumerable several => several,
        var one => new[] { one },
    };

    private ValueTask SendAsync(string hub, object? action, CancellationToken cancellationToken) => action switch
    {
        null => ValueTask.CompletedTask,
        SignalRMessageAction message => signalR.SendAsync(hub, message, cancellationToken),
        SignalRGroupAction group => signalR.ApplyAsync(hub, group, cancellationToken),
        _ => throw new InvalidOperationException($"A {action.GetType().Name} is no SignalR action."),
    };
}
