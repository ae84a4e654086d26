using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace Presence.Core.TableStorage;

/// <summary>
/// Where the storage account is and how we prove who we are: the same settings as the Functions host's own
/// (<c>AzureWebJobsStorage</c>, or <c>AzureWebJobsStorage__accountName</c> and its companions for an identity).
/// </summary>
public sealed class StorageConnection(IConfiguration configuration)
{
    private const string Setting = "AzureWebJobsStorage";

    /// <summary>Creates a client of the table service with the options given.</summary>
    /// <exception cref="InvalidOperationException">No storage account is configured.</exception>
    public TableServiceClient CreateClient(TableClientOptions options)
    {
        var section = configuration.GetSection(Setting);
        if (section.Value is { Length: > 0 } connectionString)
        {
            return new TableServiceClient(connectionString, options);
        }

        var endpoint = section["tableServiceUri"] is { Length: > 0 } uri ? uri
            : section["accountName"] is { Length: > 0 } account ? $"https://{account}.table.core.windows.net"
            : throw new InvalidOperationException(
                $"No storage account is configured: set {Setting} to a connection string, or {Setting}__accountName "
                + $"(or {Setting}__tableServiceUri) to use an identity.");
        var credential = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });
        return new TableServiceClient(new Uri(endpoint), credential, options);
    }
}
