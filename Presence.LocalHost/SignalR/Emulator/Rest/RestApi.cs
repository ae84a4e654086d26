namespace Presence.LocalHost.SignalR;

/// <summary>Serves the data-plane REST API: finds the operation, checks the caller and the request, and runs it.</summary>
internal sealed class RestApi(AccessTokens tokens, EmulatedHubs hubs, SignalREmulatorOptions options) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var segments = RequestTarget.Segments(context);
        if (segments is not ["api", ..])
        {
            await next(context);
            return;
        }

        if (await AnswerAsync(context, segments) is { } answer)
        {
            await answer.WriteAsync(context);
        }
        else
        {
            context.Abort();
        }
    }

    // Null when the caller is to hear nothing.
    private async Task<RestAnswer?> AnswerAsync(HttpContext context, string[] segments)
    {
        var onThisPath = RestRoutes.At(segments).ToList();
        if (onThisPath.Count == 0)
        {
            return RestAnswer.NotFound("NotFound", "There is no such operation.");
        }

        var (route, ids) = onThisPath.Find(candidate => candidate.Route.Answers(context.Request.Method));
        if (route is null)
        {
            return new(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", "There is no such operation on this address.");
        }

        if (route != RestRoutes.Health && !await IsAuthorizedAsync(context, segments))
        {
            return RestAnswer.Unauthorized;
        }

        if (RestRules.WhatIsWrong(context.Request.Query, ids) is { } error)
        {
            return RestAnswer.BadRequest(error);
        }

        return await CarryOutAsync(route, new RestCall(context, hubs, ids), options.FaultOf(EmulatedCall.Of(route, ids)));
    }

    private async Task<RestAnswer?> CarryOutAsync(RestRoute route, RestCall call, EmulatedFault fault)
    {
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, options.TimeProvider, call.Context.RequestAborted);
        }

        if (fault.IsLost)
        {
            return null;
        }

        if (fault.Refusal is { } status)
        {
            return RestAnswer.Refused((int)status, fault.RetryAfter);
        }

        var answer = await route.CarryOut(call);
        return fault.LosesAnswer ? null : answer;
    }

    private async Task<bool> IsAuthorizedAsync(HttpContext context, string[] segments) =>
        await tokens.ValidateAsync(
            AccessTokens.Read(context.Request, alsoFromQuery: false),
            audience => TokenAudience.IsRest(audience, context, segments)) is not null;
}
