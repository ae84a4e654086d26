using Microsoft.Azure.Functions.Worker;
using Presence.Functions.Contract;

namespace Presence.Functions;

/// <summary>Hands out what clients may rely on, as documents that tools read. Anybody may: they say nothing that is not public.</summary>
public sealed class ContractFunctions
{
    [Function(nameof(GetOpenApi))]
    public static IResult GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ContractDocument.OpenApiName)] HttpRequest request) =>
        ContractDocument.OpenApi;

    [Function(nameof(GetAsyncApi))]
    public static IResult GetAsyncApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ContractDocument.AsyncApiName)] HttpRequest request) =>
        ContractDocument.AsyncApi;
}
