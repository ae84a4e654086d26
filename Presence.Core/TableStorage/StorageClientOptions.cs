using Azure.Data.Tables;

namespace Presence.Core.TableStorage;

/// <summary>A last say over the clients of the table service, for example another transport.</summary>
public sealed class StorageClientOptions
{
    /// <summary>Called for each client with its options before it is created.</summary>
    public Action<TableClientOptions>? Configure { get; set; }
}
