using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Presence.Core.Options;

namespace Presence.Core.TableStorage;

/// <summary>
/// Where the storage accounts are and how we prove who we are. The first: the same settings as the Functions host's own
/// (<c>AzureWebJobsStorage</c>, or <c>AzureWebJobsStorage__accountName</c> and its companions for an identity). The further ones: as
/// <see cref="PresenceOptions.StorageAccounts"/> says, those without a key under the identity of the first.
/// </summary>
public sealed class StorageConnection(IConfiguration configuration)
{
    private const string Setting = "AzureWebJobsStorage";

    private readonly Lazy<TokenCredential> _identity = new(() => new DefaultAzureCredential(
        new DefaultAzureCredentialOptions { ManagedIdentityClientId = configuration.GetSection(Setting)["clientId"] }));

    /// <summary>Who this app is where it has no key.</summary>
    public TokenCredential Identity => _identity.Value;

    /// <summary>Creates a client of the table service of each account with the options given, the first account first.</summary>
    /// <param name="further">The further accounts.</param>
    /// <param name="options">How the clients are to behave.</param>
    /// <exception cref="InvalidOperationException">No storage account is configured, or one of them twice.</exception>
    public IReadOnlyList<TableServiceClient> CreateClients(string further, TableClientOptions options)
    {
        TableServiceClient[] clients = [First(options), .. FurtherAccounts.Split(further).Select(entry => Further(entry, options))];
        var twice = clients.CountBy(NameOf).FirstOrDefault(name => name.Value > 1).Key;
        return twice is null ? clients : throw new InvalidOperationException(
            $"The storage account {twice} is named twice: {PresenceOptions.Section}__{nameof(PresenceOptions.StorageAccounts)} names further accounts "
            + $"beside {Setting}, each once.");
    }

    /// <summary>What an account is called where accounts are told apart: its address, which holds no key.</summary>
    internal static string NameOf(TableServiceClient client) => client.Uri.GetComponents(UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.Unescaped)
        .TrimEnd('/');

    private TableServiceClient First(TableClientOptions options)
    {
        var section = configuration.GetSection(Setting);
        if (section.Value is { Length: > 0 } connectionString)
        {
            return new TableServiceClient(connectionString, options);
        }

        var endpoint = section["tableServiceUri"] is { Length: > 0 } uri ? uri
            : section["accountName"] is { Length: > 0 } account ? FurtherAccounts.AddressOf(account)
            : throw new InvalidOperationException(
                $"No storage account is configured: set {Setting} to a connection string, or {Setting}__accountName "
                + $"(or {Setting}__tableServiceUri) to use an identity.");
        return new TableServiceClient(new Uri(endpoint), Identity, options);
    }

    private TableServiceClient Further(string entry, TableClientOptions options) => FurtherAccounts.IsConnectionString(entry)
        ? new TableServiceClient(entry, options)
        : new TableServiceClient(new Uri(FurtherAccounts.AddressOf(entry)), Identity, options);
}
