namespace Presence.Benchmarks.Http;

/// <summary>What a peer's function asks.</summary>
internal enum PeerKind
{
    Nothing,
    Redis,
    Postgres,
}
