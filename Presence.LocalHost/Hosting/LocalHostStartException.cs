namespace Presence.LocalHost.Hosting;

/// <summary>The local host cannot start. The message is one line for its user: what failed and what to do.</summary>
internal sealed class LocalHostStartException : Exception
{
    public LocalHostStartException(string message)
        : base(message)
    {
    }

    public LocalHostStartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
