using System.Net;

namespace Presence.Client;

/// <summary>A call that was refused, or did not come through.</summary>
public sealed class PresenceException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">What is wrong, for people.</param>
    /// <param name="code">The same for programs.</param>
    /// <param name="statusCode">What the server answered; null if nothing came.</param>
    /// <param name="retryAfter">How long to wait before trying again, where that helps.</param>
    /// <param name="innerException">Why nothing came.</param>
    public PresenceException(
        string message, string code, HttpStatusCode? statusCode = null, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException) => (Code, StatusCode, RetryAfter) = (code, statusCode, retryAfter);

    /// <summary>One of <see cref="PresenceErrorCode"/>, or what a newer server says.</summary>
    public string Code { get; }

    /// <summary>What the server answered; null if nothing came, and it may have done what it was asked or not.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>How long to wait before trying again, where that helps.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>The codes of failures that a caller may want to know.</summary>
public static class PresenceErrorCode
{
    /// <summary>A field breaks its limit; the message names it.</summary>
    public const string InvalidInput = "invalid_input";

    /// <summary>No or bad credentials, or no or a wrong function key.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>Not allowed.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The user has signed out since these credentials were issued.</summary>
    public const string SignedOut = "signed_out";

    /// <summary>There is no such thing.</summary>
    public const string NotFound = "not_found";

    /// <summary>What lies behind the cursor may not be kept any more.</summary>
    public const string CursorTooOld = "cursor_too_old";

    /// <summary>More states in a second than a user may show.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The storage is out of reach.</summary>
    public const string StorageUnavailable = "storage_unavailable";

    /// <summary>The SignalR service is out of reach.</summary>
    public const string SignalRUnavailable = "signalr_unavailable";

    /// <summary>The identity provider is out of reach.</summary>
    public const string IdentityUnavailable = "identity_unavailable";

    /// <summary>The server could not be reached, or was lost before it answered. From the client itself.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>It did not answer in time. From the client itself.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The answer is none of Presence: something else listens there. From the client itself.</summary>
    public const string UnreadableAnswer = "unreadable_answer";
}
