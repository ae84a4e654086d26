using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Sessions;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend admit guests, and turn them out again.</summary>
public sealed class AnonymousSessionFunctions(
    ApiPipeline pipeline, AnonymousSessions sessions, PresenceEngine engine)
{
    [Function(nameof(CreateAnonymousSession))]
    public Task<ApiOutput> CreateAnonymousSession(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/anonymous-sessions")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.SessionRequest, cancellationToken);
                var participant = PresenceKey.Anonymous(body.ParticipantId ?? Guid.NewGuid().ToString("N"));
                var session = await sessions.IssueAsync(participant, Lifetime(body.LifetimeSeconds), cancellationToken);
                return new SessionAnswer(participant.ToString(), participant.Id, session.Token, session.ExpiresAt);
            });

    [Function(nameof(RevokeAnonymousSessions))]
    public Task<ApiOutput> RevokeAnonymousSessions(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/anonymous-sessions/{participantId}")] HttpRequest request,
        string participantId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            _ => RevokeAsync(PathIds.FromPath(request, participantId, nameof(participantId)), cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(RevokeAnonymousSessionsOfAnyId))]
    public Task<ApiOutput> RevokeAnonymousSessionsOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/anonymous-sessions")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => RevokeAsync(PathIds.FromQuery(request, "participantId"), cancellationToken));

    private async Task<object?> RevokeAsync(string participantId, CancellationToken cancellationToken)
    {
        var participant = PresenceKey.Anonymous(participantId);
        var revoked = await sessions.RevokeAsync(participant, cancellationToken);
        await engine.ApplyAsync(participant, new PresenceEvent.SignedOut(IsRevoked: true), cancellationToken);
        return new RevokedAnswer(revoked);
    }

    private static TimeSpan? Lifetime(double? seconds) =>
        seconds is not { } given ? null
        : given is >= 0 and <= 1e9 ? TimeSpan.FromSeconds(given)
        : throw new InvalidInputException("lifetimeSeconds", "must be a number of seconds from 1 up to the configured session lifetime");
}
