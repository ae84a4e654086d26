namespace Presence.Tests.Contract;

/// <summary>A kind of failure: the status and code of its answer, and when it is given.</summary>
internal sealed record FailureCode(int Status, string Code, string When);

/// <summary>All kinds of failure that there are.</summary>
internal static class FailureCodes
{
    public static readonly FailureCode InvalidInput = new(400, "invalid_input", "the error names the field and the limit");

    public static readonly FailureCode BadRequest = new(400, "bad_request", "the request could not be read at all");

    public static readonly FailureCode Unauthenticated = new(401, "unauthenticated", "no or bad credentials");

    public static readonly FailureCode SignedOut = new(403, "signed_out", "the user has signed out, or was signed out or banned, since these credentials were issued");

    public static readonly FailureCode Forbidden = new(403, "forbidden", "the caller is not in the conversation, or there is no such conversation");

    public static readonly FailureCode NotFound = new(404, "not_found", "no such route; or no such connection of the caller; or no such webhook; or no events are kept");

    public static readonly FailureCode CursorTooOld = new(410, "cursor_too_old", "what lies behind the cursor may not be kept any more: read the users anew, and go on from `after=latest`");

    public static readonly FailureCode MethodNotAllowed = new(405, "method_not_allowed", "the route answers to other methods, which `Allow` names");

    public static readonly FailureCode TooSlow = new(408, "bad_request", "the body did not come in time");

    public static readonly FailureCode UnsupportedEncoding = new(415, "unsupported_encoding", "a body with `Content-Encoding`; the error names it");

    public static readonly FailureCode UnsupportedCharset = new(415, "unsupported_charset", "a body of another charset than UTF-8; the error names it");

    public static readonly FailureCode RateLimited = new(429, "rate_limited", "more states in a second than a user may show; `Retry-After` says when to go on");

    public static readonly FailureCode Cancelled = new(499, "cancelled", "the caller left before the answer");

    public static readonly FailureCode Internal = new(500, "internal_error", "our fault, in the log");

    public static readonly FailureCode UnreadableRecord = new(500, "unreadable_record", "a row of the user cannot be read, which waiting does not mend");

    public static readonly FailureCode StorageUnavailable = new(503, "storage_unavailable", "the storage is out of reach: try again after `Retry-After` seconds");

    public static readonly FailureCode SignalRUnavailable = new(503, "signalr_unavailable", "the SignalR service is out of reach: try again after `Retry-After` seconds");

    public static readonly FailureCode IdentityUnavailable = new(503, "identity_unavailable", "the identity provider is out of reach: try again after `Retry-After` seconds");

    public static IReadOnlyList<FailureCode> All { get; } =
    [
        InvalidInput, BadRequest, Unauthenticated, SignedOut, Forbidden, NotFound, CursorTooOld, MethodNotAllowed, TooSlow, UnsupportedEncoding, UnsupportedCharset,
        RateLimited, Cancelled, Internal, UnreadableRecord, StorageUnavailable, SignalRUnavailable, IdentityUnavailable,
    ];

    /// <summary>Those that an entry of a batch may have.</summary>
    public static IReadOnlyList<string> OfBatchEntries { get; } = [Internal.Code, UnreadableRecord.Code, StorageUnavailable.Code];
}
