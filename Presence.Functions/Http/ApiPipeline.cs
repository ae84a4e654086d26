using Presence.Core.Callers;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Throttle;

namespace Presence.Functions.Http;

/// <summary>
/// What every call goes through: who is calling, that this is activity of its caller, and one answer for each kind of failure. What the
/// call changed is announced even if it fails later.
/// </summary>
public sealed partial class ApiPipeline(
    CallerAuthenticator authenticator, ActivityRecorder recorder, PresenceEngine engine, Announcer announcer, TimeProvider time,
    ILogger<ApiPipeline> logger)
{
    /// <summary>A call of a user; counts as activity of that user.</summary>
    public Task<ApiOutput> ForCallerAsync(
        HttpRequest request, Func<ApiCall, ActivityResult, Task<object?>> handle, CancellationToken cancellationToken) =>
        RunAsync(request, async call =>
        {
            var beganAt = time.GetUtcNow();
            await AuthenticateAsync(call, cancellationToken);
            var activity = await recorder.RecordAsync(call.Caller, beganAt);
            call.Announce(activity.Transitions);
            return await handle(call, activity);
        });

    /// <summary>A call of a user that is no sign of activity, such as signing out.</summary>
    public Task<ApiOutput> ForLeavingCallerAsync(
        HttpRequest request, Func<ApiCall, Task<object?>> handle, CancellationToken cancellationToken) =>
        RunAsync(request, async call =>
        {
            await AuthenticateAsync(call, cancellationToken);
            return await handle(call);
        });

    /// <summary>A call of the application's backend; the host has checked its key.</summary>
    public Task<ApiOutput> ForBackendAsync(HttpRequest request, Func<ApiCall, Task<object?>> handle) => RunAsync(request, handle);

    private async Task AuthenticateAsync(ApiCall call, CancellationToken cancellationToken) =>
        call.Caller = await authenticator.AuthenticateAsync(
            call.Request.Headers.Authorization, call.Request.Headers["X-Session-Token"], cancellationToken);

    private async Task<ApiOutput> RunAsync(HttpRequest request, Func<ApiCall, Task<object?>> handle)
    {
        var call = new ApiCall(request, announcer);
        try
        {
            var data = await handle(call);
            call.Announce(await engine.SettleAsync());
            return call.Answer(data as IResult ?? ApiResult.Ok(data));
        }
        catch (Exception e)
        {
            return call.Answer(AnswerTo(e));
        }
    }

    private ApiResult AnswerTo(Exception failure) => failure switch
    {
        InvalidInputException e => ApiResult.InvalidInput(e),
        UnsupportedContentException e => ApiResult.UnsupportedContent(e),
        BadHttpRequestException e => ApiResult.Fail(e.StatusCode, "The request could not be read.", "bad_request"),
        UnauthenticatedException e => ApiResult.Fail(StatusCodes.Status401Unauthorized, e.Message, "unauthenticated"),
        ForbiddenException e => ApiResult.Fail(StatusCodes.Status403Forbidden, e.Message, "forbidden"),
        StoreUnavailableException => Unavailable("The storage is out of reach; try again.", "storage_unavailable"),
        RealtimeUnavailableException => Unavailable("The SignalR service is out of reach; try again.", "signalr_unavailable"),
        IdentityProviderUnavailableException => Unavailable("The identity provider is out of reach; try again.", "identity_unavailable"),
        OperationCanceledException => ApiResult.Fail(StatusCodes.Status499ClientClosedRequest, "The request was cancelled.", "cancelled"),
        _ => Unexpected(failure),
    };

    private static ApiResult Unavailable(string error, string code) =>
        new(StatusCodes.Status503ServiceUnavailable, new Failure(error, code)) { RetryAfterSeconds = StoreUnavailableException.RetryAfterSeconds };

    private ApiResult Unexpected(Exception failure)
    {
        LogUnexpected(failure);
        return ApiResult.Fail(StatusCodes.Status500InternalServerError, "Something went wrong on our side.", "internal_error");
    }

    [LoggerMessage(EventName = "UnexpectedFailure", Level = LogLevel.Error, Message = "A call failed in a way nobody foresaw.")]
    private partial void LogUnexpected(Exception exception);
}
