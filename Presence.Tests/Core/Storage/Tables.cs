using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Presence.Core.Configuration;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.Core.Storage;

/// <summary>Tables of their own in the shared Azurite.</summary>
internal static class Tables
{
    public static string NewName() => "t" + Guid.NewGuid().ToString("N");

    public static async Task<Instance> InstanceAsync(
        string table, TimeProvider time, Action<PresenceOptions>? change = null, HttpPipelineTransport? transport = null) =>
        Instance.OverTable(
            await SharedParts.StorageAsync(),
            time,
            options =>
            {
                options.TableName = table;
                change?.Invoke(options);
            },
            transport);

    public static async Task<TableClient> ClientAsync(string table) => new(await SharedParts.StorageAsync(), table);
}
