namespace Presence.Benchmarks.Peers;

/// <summary>A peer cannot be had on this machine; the message says why, for the document.</summary>
internal sealed class PeerMissingException(string message, Exception? inner = null) : Exception(message, inner);
