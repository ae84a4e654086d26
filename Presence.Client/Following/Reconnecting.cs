namespace Presence.Client.Following;

/// <summary>How long to wait before the next try: anything up to twice as long each time, so that many who were cut off together do not come together.</summary>
internal sealed class Reconnecting(Func<double> chance)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _failures;

    /// <summary>It has come through.</summary>
    public void Succeeded() => _failures = 0;

    /// <summary>The next wait; never shorter than the server wishes.</summary>
    public TimeSpan Next(TimeSpan? retryAfter)
    {
        var most = First.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 10));
        var wait = TimeSpan.FromSeconds(Math.Min(most, Longest.TotalSeconds) * chance());
        return wait < retryAfter ? retryAfter.Value : wait;
    }
}
