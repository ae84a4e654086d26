using Presence.Chaos.Processes;
using Presence.LocalHost.Hosting;

namespace Presence.Benchmarks.Clients;

/// <summary>Local hosts as programs of their own, as they come but for where their storage is.</summary>
internal static class LocalHosts
{
    /// <param name="storage">The storage account.</param>
    /// <param name="signalR">The SignalR Service; null lets the host start its emulator.</param>
    /// <param name="settings">Further settings.</param>
    public static Dictionary<string, string> Settings(string storage, string? signalR, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [SettingNames.StorageConnectionString] = storage,
            ["Presence__TableName"] = $"b{Guid.NewGuid():N}",

            // What is measured is who hears of whom, in crowds as well.
            ["Presence__LargeConversation"] = "100000",
        };
        if (signalR is not null)
        {
            all[SettingNames.SignalRConnectionString] = signalR;
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return all;
    }

    public static Task<HostProcess> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken) =>
        HostProcess.StartAsync(settings, TextWriter.Null, cancellationToken);

    /// <summary>A client with as many connections as there are callers.</summary>
    public static HttpClient CreateHttp() => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
}
