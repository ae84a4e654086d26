namespace Presence.LocalHost.Hosting;

/// <summary>Hands what one of the hosts in the program logs to the logging of the program, which decides what is shown.</summary>
internal sealed class SharedLogging(ILoggerFactory program) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => program.CreateLogger(categoryName);

    /// <summary>The program's logging outlives its hosts.</summary>
    public void Dispose()
    {
    }
}
