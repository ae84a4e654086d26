using Presence.Core.Callers;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ledger;
using Presence.Core.Live;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Throttle;

namespace Presence.Functions.Http;

/// <summary>
/// What every call goes through: who is calling, that this is activity of its caller, and one answer for each kind of failure.
/// </summary>
public sealed partial class ApiPipeline(
    CallerAuthenticator authenticator, ActivityRecorder recorder, MessageBinding binding, PresenceMetrics metrics, TimeProvider time,
    ILogger<ApiPipeline> logger)
{
    /// <summary>
    /// A call of a user. Counts as activity of that user unless it says that it is none; then the handler gets no result of an activity.
    /// </summary>
    public Task<ApiOutput> ForCallerAsync(
        HttpRequest request, Func<ApiCall, ActivityResult?, Task<object?>> handle, CancellationToken cancellationToken) =>
        ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                var at = RequestValues.ActiveAt(request);
                var isConnected = RequestValues.IsConnected(request);
                if (RequestValues.IsPassive(request))
                {
                    recorder.Passive();
                    return await handle(call, null);
                }

                var activity = new PresenceEvent.Activity(call.BeganAt, at, call.Credentials.IssuedAt);
                var result = await recorder.RecordAsync(call.Caller, activity, RequestValues.Token(request), cancellationToken);
                call.Token = result.Token;
                return await handle(call, isConnected && result.NextWhileConnected is { } later ? result with { NextRecordAt = later } : result);
            },
            cancellationToken);

    /// <summary>A call of a user that is never a sign of activity, such as signing out or negotiating.</summary>
    public Task<ApiOutput> ForCallerWithoutActivityAsync(
        HttpRequest request, Func<ApiCall, Task<object?>> handle, CancellationToken cancellationToken) =>
        RunAsync(request, async call =>
        {
            call.Credentials = await authenticator.AuthenticateAsync(
                request.Headers.Authorization, request.Headers["X-Session-Token"], cancellationToken);
            return await handle(call);
        });

    /// <summary>A call of the application's backend; the host has checked its key.</summary>
    public Task<ApiOutput> ForBackendAsync(HttpRequest request, Func<ApiCall, Task<object?>> handle) => RunAsync(request, handle);

    /// <summary>A call of somebody who needs to say nothing: no sign of activity of anybody.</summary>
    public Task<ApiOutput> ForAnybodyAsync(HttpRequest request, Func<ApiCall, Task<object?>> handle) => RunAsync(request, handle);

    /// <summary>The code of a failure, where it is a part of an answer. What nobody foresaw is logged.</summary>
    public string CodeOf(Exception failure) => AnswerTo(failure).Code!;

    private async Task<ApiOutput> RunAsync(HttpRequest request, Func<ApiCall, Task<object?>> handle)
    {
        metrics.Executed(byTimer: false);
        var run = binding.Begin();
        var response = await AnswerAsync(new ApiCall(request, time.GetUtcNow()), handle);
        return new() { Response = response, SignalR = MessageBinding.End(run) };
    }

    private async Task<IResult> AnswerAsync(ApiCall call, Func<ApiCall, Task<object?>> handle)
    {
        try
        {
            var data = await handle(call);
            return data is IResult result ? result : ApiResult.Ok(data, call.Token);
        }
        catch (Exception e)
        {
            return AnswerTo(e);
        }
    }

    private ApiResult AnswerTo(Exception failure) => failure switch
    {
        InvalidInputException e => ApiResult.InvalidInput(e),
        UnsupportedContentException e => ApiResult.UnsupportedContent(e),
        BadHttpRequestException e => ApiResult.Fail(e.StatusCode, "The request could not be read.", "bad_request"),
        UnauthenticatedException e => ApiResult.Fail(StatusCodes.Status401Unauthorized, e.Message, "unauthenticated"),
        SignedOutException e => ApiResult.Fail(StatusCodes.Status403Forbidden, e.Message, "signed_out"),
        ForbiddenException e => ApiResult.Fail(StatusCodes.Status403Forbidden, e.Message, "forbidden"),
        CursorTooOldException e => ApiResult.Fail(StatusCodes.Status410Gone, e.Message, "cursor_too_old"),
        RateLimitedException e => new ApiResult(StatusCodes.Status429TooManyRequests, new Failure(e.Message, "rate_limited"))
        {
            RetryAfterSeconds = (int)Math.Ceiling(e.RetryAfter.TotalSeconds),
        },
        StoreUnavailableException e => Unavailable("The storage is out of reach; try again.", "storage_unavailable", e.RetryAfter),
        UnreadableRowException => ApiResult.Fail(
            StatusCodes.Status500InternalServerError, "What is stored of the user cannot be read.", "unreadable_record"),
        RealtimeUnavailableException => Unavailable("The SignalR service is out of reach; try again.", "signalr_unavailable"),
        IdentityProviderUnavailableException => Unavailable("The identity provider is out of reach; try again.", "identity_unavailable"),
        OperationCanceledException => ApiResult.Fail(StatusCodes.Status499ClientClosedRequest, "The request was cancelled.", "cancelled"),
        _ => Unexpected(failure),
    };

    /// <param name="error">What is wrong.</param>
    /// <param name="code">The same for programs.</param>
    /// <param name="wish">How long whoever failed us wishes to be left alone, as far as it says.</param>
    private static ApiResult Unavailable(string error, string code, TimeSpan? wish = null) =>
        new(StatusCodes.Status503ServiceUnavailable, new Failure(error, code)) { RetryAfterSeconds = RetryAfter.Of(wish) };

    private ApiResult Unexpected(Exception failure)
    {
        LogUnexpected(failure);
        return ApiResult.Fail(StatusCodes.Status500InternalServerError, "Something went wrong on our side.", "internal_error");
    }

    [LoggerMessage(EventName = "UnexpectedFailure", Level = LogLevel.Error, Message = "A call failed in a way nobody foresaw.")]
    private partial void LogUnexpected(Exception exception);
}
