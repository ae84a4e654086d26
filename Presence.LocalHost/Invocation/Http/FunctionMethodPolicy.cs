using Microsoft.AspNetCore.Routing.Matching;

namespace Presence.LocalHost.Invocation.Http;

/// <summary>
/// The method is part of a function's route: on the Functions host a request with another method matches nothing and is answered
/// with 404, where ASP.NET Core's own policy would answer 405.
/// </summary>
internal sealed class FunctionMethodPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<FunctionMethods>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i)
                && candidates[i].Endpoint.Metadata.GetMetadata<FunctionMethods>() is { } methods
                && !methods.Accept(httpContext.Request.Method))
            {
                candidates.SetValidity(i, false);
            }
        }

        return Task.CompletedTask;
    }
}
