namespace Presence.Benchmarks.Clients;

/// <summary>Splits what comes over a connection into the messages of SignalR's JSON protocol.</summary>
internal static class SignalRFrames
{
    private const byte End = 0x1e;

    private static ReadOnlySpan<byte> Invocation => "\"type\":1"u8;

    /// <summary>The message that opens a connection.</summary>
    public static ReadOnlyMemory<byte> Handshake { get; } = "{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray();

    /// <summary>What each side says when it has nothing to say.</summary>
    public static ReadOnlyMemory<byte> Ping { get; } = "{\"type\":6}\u001e"u8.ToArray();

    /// <summary>The calls of client methods among what came; everything else only keeps the connection.</summary>
    public static void ForEachCall(ReadOnlyMemory<byte> came, Action<ReadOnlyMemory<byte>> hear)
    {
        for (var end = came.Span.IndexOf(End); end >= 0; end = came.Span.IndexOf(End))
        {
            if (came.Span[..Math.Min(end, 32)].IndexOf(Invocation) >= 0)
            {
                hear(came[..end]);
            }

            came = came[(end + 1)..];
        }
    }
}
