using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation.Http;

/// <summary>Answers a request by an HTTP function.</summary>
internal sealed class HttpFunctionEndpoint(FunctionKey key, FunctionOutputs outputs, ILogger<HttpFunctionEndpoint> logger)
{
    public async Task AnswerAsync(HttpContext context, FunctionDefinition function, HttpFunctionTrigger trigger)
    {
        if (!key.Allows(trigger.Level, context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            var invocation = new FunctionInvocation(context.Request, context.Request.RouteValues, context.RequestAborted);
            var result = await FunctionInvoker.InvokeAsync(function, invocation, context.RequestServices);
            await SendOutputsAsync(function, result);
            if (function.Result.HttpOf(result) is { } response)
            {
                await response.ExecuteAsync(context);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            logger.FunctionCanceled(function.Name);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            logger.FunctionFailed(failure, function.Name);
            if (context.Response.HasStarted)
            {
                // The status has been sent; a cut connection is the only way left to tell that the rest is missing.
                context.Abort();
                return;
            }

            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    // Before the response, so that whoever has it can rely on the outputs. On the Functions host the response goes first; on both, a
    // failed output leaves it as it is.
    private async Task SendOutputsAsync(FunctionDefinition function, object? result)
    {
        try
        {
            // What the function decided has happened; its outputs go out even when the caller is gone.
            await outputs.SendAsync(function, result, CancellationToken.None);
        }
        catch (FunctionOutputException failure)
        {
            logger.FunctionOutputFailed(failure, function.Name);
        }
    }
}
