using System.Net;

namespace Presence.LocalHost.SignalR;

/// <summary>A call of SignalR Service that failed. Names the operation and the status code, never a key or a token.</summary>
internal sealed class SignalRServiceException : Exception
{
    public SignalRServiceException(string operation, HttpStatusCode status, TimeSpan? retryAfter = null)
        : base($"SignalR Service refused to {operation}: {(int)status} {status}.")
    {
        Operation = operation;
        StatusCode = status;
        RetryAfter = retryAfter;
    }

    public SignalRServiceException(string operation, Exception inner)
        : base($"SignalR Service could not be reached to {operation}: {inner.Message}", inner) => Operation = operation;

    public string Operation { get; }

    /// <summary>Null when no answer came.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>How long the service wants to be left alone, when it says so.</summary>
    public TimeSpan? RetryAfter { get; }
}
