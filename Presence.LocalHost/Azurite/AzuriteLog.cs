namespace Presence.LocalHost.Azurite;

internal static partial class AzuriteLog
{
    [LoggerMessage(31, LogLevel.Information, "Installing Azurite in {Folder}; this happens once", EventName = "AzuriteInstalling")]
    public static partial void Installing(this ILogger logger, string folder);

    [LoggerMessage(32, LogLevel.Debug, "The interrupted installation {Folder} is still in use", EventName = "AzuritePartialInUse")]
    public static partial void PartialInUse(this ILogger logger, string folder);
}
