namespace Presence.LocalHost.SignalR;

/// <summary>The documented limits of what a call may name.</summary>
internal static class RestRules
{
    private const int LongestGroup = 1024;

    /// <summary>A sentence naming the parameter, or null when all is right.</summary>
    public static string? WhatIsWrong(IQueryCollection query, IReadOnlyDictionary<string, string> ids)
    {
        if (query["api-version"] != RestRoutes.ApiVersion)
        {
            return $"The query parameter api-version is required and must be {RestRoutes.ApiVersion}.";
        }

        if (query.TryGetValue("application", out var application) && !HubName.IsValid(application))
        {
            return "The query parameter application must start with a letter and have at most 128 letters, digits and _ ` , . [ ].";
        }

        return ids.Select(id => WhatIsWrong(id.Key, id.Value)).FirstOrDefault(error => error is not null);
    }

    private static string? WhatIsWrong(string name, string value) => name switch
    {
        RestRoute.Hub when !HubName.IsValid(value) =>
            "The hub must start with a letter and have at most 128 letters, digits and _ ` , . [ ].",
        RestRoute.Group when value.Length > LongestGroup || string.IsNullOrWhiteSpace(value) =>
            $"The group must have from 1 to {LongestGroup} characters and not be blank.",
        RestRoute.User or RestRoute.ConnectionId when value.Length == 0 => $"The path parameter {name} must not be empty.",
        _ => null,
    };
}
