using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;

namespace Presence.Benchmarks.Load;

/// <summary>What went wrong, in as few kinds as tell something.</summary>
internal static class LoadErrors
{
    public static string KindOf(Exception failure) => failure switch
    {
        OperationCanceledException => "timed out",
        JsonException => "unreadable answer",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "connection refused",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        WebSocketException => "connection failed",
        _ => "connection lost",
    };
}
