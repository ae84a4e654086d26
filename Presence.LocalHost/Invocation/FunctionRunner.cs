using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation;

/// <summary>A whole invocation without a response: a scope, the function, its outputs, and the log of a failure.</summary>
internal sealed class FunctionRunner(FunctionOutputs outputs, IServiceScopeFactory scopes, ILogger<FunctionRunner> logger)
{
    public async Task<FunctionOutcome> RunAsync(FunctionDefinition function, FunctionInvocation invocation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var result = await FunctionInvoker.InvokeAsync(function, invocation, scope.ServiceProvider);
            // What the function decided has happened; its outputs go out whoever stops waiting.
            await outputs.SendAsync(function, result, CancellationToken.None);
            return new FunctionOutcome(result, null);
        }
        catch (OperationCanceledException canceled) when (invocation.Cancellation.IsCancellationRequested)
        {
            logger.FunctionCanceled(function.Name);
            return new FunctionOutcome(null, canceled);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            logger.FunctionFailed(failure, function.Name);
            return new FunctionOutcome(null, failure);
        }
    }
}
