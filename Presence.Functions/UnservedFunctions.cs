using Microsoft.Azure.Functions.Worker;
using Presence.Functions.Contract;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>
/// Answers what no other function does: a known path with another method, an id whose slashes were decoded on the way, an unknown path.
/// The Functions host takes the first function, by name, whose route and methods fit: so these names come after all others, and those
/// that ask for a key before the one that does not. It refuses a function without methods on the route of another, so each of these routes
/// ends in a catch-all. Whoever has no key of a route learns nothing of it.
/// </summary>
public sealed class UnservedFunctions
{
    private const string Name = "Unserved";

    [Function(Name + "BackendActivity")]
    public static IResult AnswerActivityBatch(
        [HttpTrigger(AuthorizationLevel.Function, Route = "api/activity/batch/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendEvents")]
    public static IResult AnswerEvents(
        [HttpTrigger(AuthorizationLevel.Function, Route = "api/events/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendConversationHistory")]
    public static IResult AnswerConversationHistory(
        [HttpTrigger(AuthorizationLevel.Function, Route = "api/conversations/{conversationId}/history/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendHistory")]
    public static IResult AnswerHistory([HttpTrigger(AuthorizationLevel.Function, Route = "api/history/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendMaintenance")]
    public static IResult AnswerMaintenance(
        [HttpTrigger(AuthorizationLevel.Function, Route = "maintenance/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendMembers")]
    public static IResult AnswerMembers(
        [HttpTrigger(AuthorizationLevel.Function, Route = "api/conversations/{conversationId}/members/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendMetrics")]
    public static IResult AnswerMetrics(
        [HttpTrigger(AuthorizationLevel.Function, Route = "metrics/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendSessions")]
    public static IResult AnswerSessions(
        [HttpTrigger(AuthorizationLevel.Function, Route = "api/anonymous-sessions/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendVisibility")]
    public static IResult AnswerVisibility(
        [HttpTrigger(AuthorizationLevel.Function, Route = "api/visibility/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "BackendWebhooks")]
    public static IResult AnswerWebhooks(
        [HttpTrigger(AuthorizationLevel.Function, Route = "api/webhooks/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "ContractOfMessages")]
    public static IResult AnswerAsyncApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = ContractDocument.AsyncApiName + "/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "ContractOfRoutes")]
    public static IResult AnswerOpenApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = ContractDocument.OpenApiName + "/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "Public")]
    public static IResult AnswerPublic([HttpTrigger(AuthorizationLevel.Anonymous, Route = "api/{*path}")] HttpRequest request) => Answer(request);

    [Function(Name + "PublicHealth")]
    public static IResult AnswerHealth([HttpTrigger(AuthorizationLevel.Anonymous, Route = "health/{*path}")] HttpRequest request) => Answer(request);

    private static ApiResult Answer(HttpRequest request)
    {
        var methods = DeclaredRoutes.MethodsOf(request.Path);
        return methods.Count == 0 ? Unknown(request)
            : HttpMethods.IsOptions(request.Method) ? ApiResult.Options(methods)
            : ApiResult.MethodNotAllowed(methods);
    }

    private static ApiResult Unknown(HttpRequest request) => DeclaredRoutes.IdWithSlash(request.Path, request.Method) is { } id
        ? ApiResult.InvalidInput(PathIds.NotInPath(id))
        : ApiResult.Fail(StatusCodes.Status404NotFound, "There is no such route.", "not_found");
}
