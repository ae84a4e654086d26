using Microsoft.AspNetCore.Http;

namespace Presence.AspNetCore;

/// <summary>How an application tells Presence of its users' activity. Checked on start.</summary>
public sealed class PresenceActivityOptions
{
    /// <summary>The most entries that the server takes in one call.</summary>
    public const int MostEntries = 200;

    /// <summary>
    /// Where Presence is; null takes the connection string <c>presence</c> of the configuration, or what <c>AddPresenceClient</c> was told.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The function key of Presence; null takes what <c>AddPresenceClient</c> was told.</summary>
    public string? FunctionKey { get; set; }

    /// <summary>The claim that holds the user id; null takes <c>sub</c>, or else the name identifier.</summary>
    public string? UserIdClaim { get; set; }

    /// <summary>
    /// Says who made an authenticated request, instead of a claim; <c>anon:</c> + id for a guest, null for nobody. Asked for each request: it should
    /// be quick.
    /// </summary>
    public Func<HttpContext, string?>? GetUserId { get; set; }

    /// <summary>At most one entry per user in it; the last request in it is told when it ends. 1 s to 30 min; 65 s by default, as the server's own.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(65);

    /// <summary>How long an entry waits at most for others to go with. 10 ms to 1 min; 2 s by default.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many entries wait at most; of more the oldest are dropped, and counted. 200 to 1,000,000; 10,000 by default.</summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>
    /// Of how many users the window is remembered. Those beyond are told with each request, as far as the queue has room. 1 to 10,000,000; 100,000 by
    /// default, some 100 bytes each beside the id.
    /// </summary>
    public int MaxUsers { get; set; } = 100_000;

    /// <summary>What cannot be meant; empty if all is well.</summary>
    internal IEnumerable<string> Failures()
    {
        if (UserIdClaim is not null && GetUserId is not null)
        {
            yield return $"{nameof(UserIdClaim)} and {nameof(GetUserId)} exclude each other: give one of them.";
        }

        if (UserIdClaim is { Length: 0 })
        {
            yield return $"{nameof(UserIdClaim)} must be null, or the name of a claim.";
        }

        if (Window < TimeSpan.FromSeconds(1) || Window > TimeSpan.FromMinutes(30))
        {
            yield return $"{nameof(Window)} must be from 1 s to 30 min; it is {Window}.";
        }

        if (FlushInterval < TimeSpan.FromMilliseconds(10) || FlushInterval > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(FlushInterval)} must be from 10 ms to 1 min; it is {FlushInterval}.";
        }

        if (FlushInterval > Window)
        {
            yield return $"{nameof(FlushInterval)} must not be longer than {nameof(Window)}; it is {FlushInterval}.";
        }

        if (QueueCapacity is < MostEntries or > 1_000_000)
        {
            yield return $"{nameof(QueueCapacity)} must be from {MostEntries} to 1,000,000; it is {QueueCapacity}.";
        }

        if (MaxUsers is < 1 or > 10_000_000)
        {
            yield return $"{nameof(MaxUsers)} must be from 1 to 10,000,000; it is {MaxUsers}.";
        }
    }
}
