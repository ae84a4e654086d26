namespace Presence.Benchmarks.Load;

/// <summary>The hosts under load, by number.</summary>
internal interface ILoadHosts
{
    int Count { get; }

    /// <summary>Null while it does not run.</summary>
    Uri? AddressOf(int host);

    /// <summary>The process whose memory is looked at; null if there is none to look at.</summary>
    int? ProcessOf(int host);
}
