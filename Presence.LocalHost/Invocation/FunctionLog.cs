namespace Presence.LocalHost.Invocation;

internal static partial class FunctionLog
{
    [LoggerMessage(1, LogLevel.Error, "Function {Function} failed", EventName = "FunctionFailed")]
    public static partial void FunctionFailed(this ILogger logger, Exception failure, string function);

    [LoggerMessage(2, LogLevel.Error, "Function {Function} has answered, but its outputs failed", EventName = "FunctionOutputFailed")]
    public static partial void FunctionOutputFailed(this ILogger logger, Exception failure, string function);

    [LoggerMessage(3, LogLevel.Information, "Function {Function} was canceled", EventName = "FunctionCanceled")]
    public static partial void FunctionCanceled(this ILogger logger, string function);
}
