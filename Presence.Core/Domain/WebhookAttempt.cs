namespace Presence.Core.Domain;

/// <summary>What went wrong with an attempt, in a word. Never what the receiver or the network has said of it: that is not ours to show.</summary>
public static class WebhookFailure
{
    /// <summary>The name leads to no address that may be asked.</summary>
    public const string AddressNotAllowed = "addressNotAllowed";

    /// <summary>There is no such name.</summary>
    public const string NameNotFound = "nameNotFound";

    /// <summary>No connection, or one that broke off before the answer.</summary>
    public const string NoAnswer = "noAnswer";

    /// <summary>The certificate is not good, or there is no TLS.</summary>
    public const string InsecureConnection = "insecureConnection";

    /// <summary>No answer in time.</summary>
    public const string TimedOut = "timedOut";

    /// <summary>A redirect, which is not followed.</summary>
    public const string Redirect = "redirect";

    /// <summary>Another answer than 2xx.</summary>
    public const string Status = "status";

    /// <summary>Of Event Grid: this app has no identity, or got no token for it.</summary>
    public const string NoToken = "noToken";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [AddressNotAllowed, NameNotFound, NoAnswer, InsecureConnection, TimedOut, Redirect, Status, NoToken];
}

/// <summary>What became of an attempt to deliver.</summary>
/// <param name="Status">What the receiver answered; null where it did not.</param>
/// <param name="Failure">What went wrong, one of <see cref="WebhookFailure"/>; null where it was delivered.</param>
/// <param name="RetryAfter">How long the receiver wishes to be left alone; null where it does not say.</param>
public readonly record struct WebhookAttempt(int? Status, string? Failure, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether the receiver has it.</summary>
    public bool IsDelivered => Failure is null;

    /// <summary>What an answer means.</summary>
    public static WebhookAttempt Answered(int status, TimeSpan? retryAfter = null) => new(
        status,
        status switch
        {
            >= 200 and < 300 => null,
            >= 300 and < 400 => WebhookFailure.Redirect,
            _ => WebhookFailure.Status,
        },
        retryAfter);

    /// <summary>There was no answer.</summary>
    public static WebhookAttempt Failed(string failure) => new(Status: null, failure);
}
