namespace Presence.Core.Ports;

/// <summary>The table is spread over other storage accounts: its users would not be found. The host must not start.</summary>
public sealed class StorageAccountsMismatchException(string table, string? found, string configured) : Exception(
    $"The table '{table}' {(found is null ? "lies in one storage account" : $"is spread over the storage accounts {found}")}, but AzureWebJobsStorage and "
    + $"Presence:StorageAccounts name {configured}. Name those of the table, in its order, or use another Presence:TableName.");
