namespace Presence.LocalHost.Invocation.Upstream;

internal static partial class UpstreamLog
{
    [LoggerMessage(21, LogLevel.Warning, "An upstream event for {Function} came without a valid signature",
        EventName = "UpstreamSignatureInvalid")]
    public static partial void SignatureInvalid(this ILogger logger, string function);

    [LoggerMessage(22, LogLevel.Error, "An upstream event for {Function} has a body that cannot be read",
        EventName = "UpstreamBodyInvalid")]
    public static partial void BodyInvalid(this ILogger logger, Exception failure, string function);
}
