using Microsoft.Extensions.Logging;

namespace Presence.Core.Sweep;

internal static partial class SweepLog
{
    [LoggerMessage(EventName = "ShardNotSwept", Level = LogLevel.Error, Message = "Shard {Shard} could not be swept to its end.")]
    public static partial void ShardNotSwept(ILogger logger, int shard, Exception exception);

    [LoggerMessage(EventName = "UserNotSwept", Level = LogLevel.Error, Message = "A user who was due could not be swept; the next sweep finds it.")]
    public static partial void UserNotSwept(ILogger logger, Exception exception);

    [LoggerMessage(EventName = "SweepNotKept", Level = LogLevel.Warning, Message = "The report of the sweep could not be stored.")]
    public static partial void NotKept(ILogger logger, Exception exception);
}
