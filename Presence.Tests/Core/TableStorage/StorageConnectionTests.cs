using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core.TableStorage;

public class StorageConnectionTests
{
    [Fact]
    public void FurtherAccountsFollowTheFirstInTheirOrder() => Assert.Equal(
        ["stone.table.core.windows.net", "sttwo.table.core.windows.net", "three.example.com:8443/tables", "stfour.table.core.windows.net"],
        Names(
            new() { ["AzureWebJobsStorage:accountName"] = "stone" },
            "sttwo, https://three.example.com:8443/tables/, DefaultEndpointsProtocol=https;AccountName=stfour;AccountKey=a2V5;EndpointSuffix=core.windows.net"));

    [Fact]
    public void AnAddressOfTheFirstIsTaken() => Assert.Equal(
        ["stone.table.core.usgovcloudapi.net"],
        Names(new() { ["AzureWebJobsStorage:tableServiceUri"] = "https://stone.table.core.usgovcloudapi.net/" }, ""));

    /// <summary>Whichever way an account is given, it is the same account.</summary>
    [Fact]
    public void NamesDoNotDependOnHowAnAccountIsGiven() => Assert.Equal(
        Names(new() { ["AzureWebJobsStorage:accountName"] = "stone" }, "sttwo"),
        Names(
            new() { ["AzureWebJobsStorage"] = "DefaultEndpointsProtocol=https;AccountName=stone;AccountKey=a2V5;EndpointSuffix=core.windows.net" },
            "https://sttwo.table.core.windows.net"));

    [Fact]
    public void AnAccountMayBeNamedOnlyOnceAndNoKeyIsShown() => Assert.Equal(
        "The storage account stone.table.core.windows.net is named twice: Presence__StorageAccounts names further accounts beside "
        + "AzureWebJobsStorage, each once.",
        Assert.Throws<InvalidOperationException>(() => Names(
            new() { ["AzureWebJobsStorage:accountName"] = "stone" },
            "sttwo,DefaultEndpointsProtocol=https;AccountName=stone;AccountKey=a2V5;EndpointSuffix=core.windows.net")).Message);

    [Fact]
    public void WithoutAnyAccountItSaysWhichSettingIsMissing() => Assert.StartsWith(
        "No storage account is configured: set AzureWebJobsStorage ",
        Assert.Throws<InvalidOperationException>(() => Names([], "sttwo")).Message,
        StringComparison.Ordinal);

    private static IEnumerable<string> Names(Dictionary<string, string?> settings, string further) =>
        new StorageConnection(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .CreateClients(further, new TableClientOptions()).Select(StorageConnection.NameOf);
}
