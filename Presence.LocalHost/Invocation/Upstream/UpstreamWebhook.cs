using System.Net.Mime;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation.Upstream;

/// <summary>
/// Hands the events that SignalR Service posts to the functions that wait for them, and answers as the Functions host does: a
/// failed <c>connected</c> refuses the connection, other events are received whatever becomes of them.
/// </summary>
internal sealed class UpstreamWebhook(
    FunctionCatalog catalog, UpstreamSignature signature, FunctionRunner runner, ILogger<UpstreamWebhook> logger)
{
    public const string Path = "/runtime/webhooks/signalr";

    public async Task AnswerAsync(HttpContext context) => await (await ReceiveAsync(context.Request)).ExecuteAsync(context);

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase))
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        string[] names = [UpstreamHeaders.Hub, UpstreamHeaders.Category, UpstreamHeaders.Event, UpstreamHeaders.ConnectionId];
        if (names.Any(name => string.IsNullOrEmpty(request.Headers[name])))
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        var (function, trigger) = catalog.TriggeredBy<SignalRFunctionTrigger>()
            .FirstOrDefault(candidate => IsFor(candidate.Trigger, request));
        if (function is null)
        {
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        if (!signature.IsValid(request))
        {
            logger.SignatureInvalid(function.Name);
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }

        try
        {
            return await InvokeAsync(function, trigger, request, await UpstreamMessage.ReadAsync(request));
        }
        catch (JsonException invalid)
        {
            logger.BodyInvalid(invalid, function.Name);
            return Results.StatusCode(StatusCodes.Status500InternalServerError);
        }
    }

    private static bool IsFor(SignalRFunctionTrigger trigger, HttpRequest request) =>
        Is(trigger.Hub, request.Headers[UpstreamHeaders.Hub].ToString())
        && Is(trigger.Category.ToString(), request.Headers[UpstreamHeaders.Category].ToString())
        && Is(trigger.Event, request.Headers[UpstreamHeaders.Event].ToString());

    private static bool Is(string expected, string actual) => string.Equals(expected, actual, StringComparison.OrdinalIgnoreCase);

    private async Task<IResult> InvokeAsync(
        FunctionDefinition function, SignalRFunctionTrigger trigger, HttpRequest request, UpstreamMessage message)
    {
        var isMessage = trigger.Category == SignalRInvocationCategory.Messages;
        if (isMessage && !Is(trigger.Event, message.Target ?? ""))
        {
            throw new JsonException($"The event '{trigger.Event}' carries a message for '{message.Target}'.");
        }

        // The service does not wait for ever, but what it has told must not be lost by that: no cancellation by the request.
        var outcome = await RunAsync(function, trigger, UpstreamInvocation.Read(request, trigger, message), message);
        return (isMessage, message.InvocationId, outcome.Succeeded) switch
        {
            (false, _, false) when Is(trigger.Event, "connected") => Results.StatusCode(StatusCodes.Status403Forbidden),
            (true, { Length: > 0 } invocationId, _) => new UpstreamCompletion(invocationId, outcome),
            _ => Results.StatusCode(StatusCodes.Status200OK),
        };
    }

    private Task<FunctionOutcome> RunAsync(
        FunctionDefinition function, SignalRFunctionTrigger trigger, SignalRInvocationContext context, UpstreamMessage message)
    {
        var arguments = message.Arguments ?? [];
        if (trigger.ArgumentNames.Count > 0 && trigger.ArgumentNames.Count != arguments.Length)
        {
            var mismatch = new InvalidOperationException(
                $"{arguments.Length} arguments came for {trigger.ArgumentNames.Count} parameters.");
            logger.FunctionFailed(mismatch, function.Name);
            return Task.FromResult(new FunctionOutcome(null, mismatch));
        }

        var values = trigger.ArgumentNames.Zip(arguments)
            .ToDictionary(pair => pair.First, pair => (object?)pair.Second, StringComparer.OrdinalIgnoreCase);
        return runner.RunAsync(function, new FunctionInvocation(context, values, CancellationToken.None));
    }
}
