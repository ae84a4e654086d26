namespace Presence.Benchmarks.Load;

/// <summary>Hosts that somebody else has started.</summary>
internal sealed class GivenHosts(IReadOnlyList<Uri> urls, IReadOnlyList<int> processes) : ILoadHosts
{
    public int Count => urls.Count;

    public Uri AddressOf(int host) => urls[host];

    public int? ProcessOf(int host) => host < processes.Count ? processes[host] : null;
}
