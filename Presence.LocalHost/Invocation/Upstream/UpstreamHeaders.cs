namespace Presence.LocalHost.Invocation.Upstream;

/// <summary>The headers of an upstream event.</summary>
internal static class UpstreamHeaders
{
    public const string Hub = "X-ASRS-Hub";
    public const string Category = "X-ASRS-Category";
    public const string Event = "X-ASRS-Event";
    public const string ConnectionId = "X-ASRS-Connection-Id";
    public const string UserId = "X-ASRS-User-Id";
    public const string UserClaims = "X-ASRS-User-Claims";
    public const string ClientQuery = "X-ASRS-Client-Query";
    public const string Signature = "X-ASRS-Signature";
}
