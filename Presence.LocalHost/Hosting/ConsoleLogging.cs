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
        .AddFilter("System", LogLevel.Warning)

        // A server that cannot start throws as well; whoever starts it takes another port, or says why in one line.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
}
