namespace Presence.LocalHost.Hosting;

/// <summary>What stands in for SignalR Service when the settings name none.</summary>
internal interface ISignalREmulator : IAsyncDisposable
{
    /// <summary>Endpoint and access key, in the form of SignalR Service.</summary>
    string ConnectionString { get; }

    /// <summary>Called once, when the functions can be reached: from now on upstream events go there.</summary>
    void SendUpstreamTo(Uri webhook);

    /// <summary>Cuts all clients off, and refuses them and every call for so long; zero ends that.</summary>
    void Refuse(TimeSpan duration);

    /// <summary>Cuts a connection off at once.</summary>
    /// <returns>Whether there was such a connection.</returns>
    bool Cut(string connectionId);
}
