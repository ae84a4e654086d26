namespace Presence.LocalHost.Hosting;

/// <summary>What the program writes to the console while it runs.</summary>
internal static class ConsoleLogging
{
    public static void Configure(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        })
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("System", LogLevel.Warning);
}
