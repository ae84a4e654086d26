using System.Text.Json.Nodes;
using Presence.Functions;

namespace Presence.Tests.Infra;

public class SecurityTests(CompiledInfra infra)
{
    /// <summary>At which kind of resource who may what: nothing else, and nothing at a resource group.</summary>
    private static readonly string[] Roles =
    [
        "app: b7e6dc6d-f1e8-4753-8033-0f276bb0955b at Microsoft.Storage/storageAccounts", // Storage Blob Data Owner
        "app: 0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 at Microsoft.Storage/storageAccounts", // Storage Table Data Contributor
        "app: 7e4f1700-ea5a-4f59-8f37-079cfe29dce3 at Microsoft.SignalRService/signalR", // SignalR Service Owner
        "app: 3913510d-42f4-4e42-8a64-420c390055eb at Microsoft.Insights/components", // Monitoring Metrics Publisher
        "signalr: 4633458b-17de-408a-b874-0445c86b69e6 at Microsoft.KeyVault/vaults", // Key Vault Secrets User
    ];

    /// <summary>Parts of others, which have no tags.</summary>
    private static readonly string[] Untaggable =
    [
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Insights/diagnosticSettings",
        "Microsoft.OperationalInsights/workspaces/tables",
        "Microsoft.Storage/storageAccounts/blobServices",
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        "Microsoft.Storage/storageAccounts/tableServices",
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    ];

    private static readonly Dictionary<string, string> ThreeAccounts = new() { ["PRESENCE_STORAGE_ACCOUNT_COUNT"] = "3" };

    private static readonly Dictionary<string, string> WithEventGrid = new() { ["PRESENCE_EVENT_GRID"] = "true" };

    private Snapshot Snapshot => infra.Snapshot;

    [Fact]
    public void StorageTakesNoKeyAndShowsNothingToThePublic()
    {
        AssertIsClosed(Snapshot.Only("Microsoft.Storage/storageAccounts"));
        Assert.Equal("None", Snapshot.Properties("Microsoft.Storage/storageAccounts/blobServices/containers")["publicAccess"]!.GetValue<string>());
    }

    [Fact]
    public void EachFurtherStorageAccountIsAsClosedAsTheFirstAndHoldsTheTableAlone()
    {
        var snapshot = infra.SnapshotWith(ThreeAccounts);
        var accounts = snapshot.OfType("Microsoft.Storage/storageAccounts").ToList();

        Assert.Equal(3, accounts.Count);
        Assert.All(accounts, AssertIsClosed);
        Assert.Single(accounts.Select(account => account["properties"]!.ToJsonString() + account["sku"]!.ToJsonString()).Distinct());
        Assert.StartsWith(
            accounts[0]["name"]!.GetValue<string>() + "/",
            snapshot.Only("Microsoft.Storage/storageAccounts/blobServices/containers")["name"]!.GetValue<string>(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void AtFurtherStorageAccountsTheAppMayUseTablesAndNothingElse()
    {
        const string Tables = "app: 0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 at Microsoft.Storage/storageAccounts";
        var roles = infra.SnapshotWith(ThreeAccounts).OfType("Microsoft.Authorization/roleAssignments").ToList();

        Assert.Equal([.. Roles.Append(Tables).Append(Tables).Order()], roles.Select(Describe).Order());
        Assert.Equal(3, roles.Where(role => Describe(role) == Tables).Select(role => role["id"]!.GetValue<string>().Split("/providers/")[1]).Distinct().Count());
    }

    [Fact]
    public void AnEventGridTopicIsMadeWhereItIsAskedForTakesCloudEventsAndNoKeyAndTheAppMaySendToItAlone()
    {
        const string Sender = "app: d5a91429-5739-47e2-a06b-3470a27159e7 at Microsoft.EventGrid/topics"; // EventGrid Data Sender
        var snapshot = infra.SnapshotWith(WithEventGrid);
        var topic = snapshot.Properties("Microsoft.EventGrid/topics");

        Assert.Equal("CloudEventSchemaV1_0", topic["inputSchema"]!.GetValue<string>());
        Assert.Equal("1.2", topic["minimumTlsVersionAllowed"]!.GetValue<string>());
        Assert.True(topic["disableLocalAuth"]!.GetValue<bool>());
        Assert.Equal([.. Roles.Append(Sender).Order()], snapshot.OfType("Microsoft.Authorization/roleAssignments").Select(Describe).Order());
        Assert.EndsWith(".endpoint]", snapshot.AppSettings["Presence__EventGridTopic"], StringComparison.Ordinal);
        Assert.Contains(snapshot.Only("Microsoft.EventGrid/topics")["name"]!.GetValue<string>(), snapshot.AppSettings["Presence__EventGridTopic"], StringComparison.Ordinal);
        Assert.Empty(Snapshot.OfType("Microsoft.EventGrid/topics"));
        Assert.DoesNotContain("Presence__EventGridTopic", Snapshot.AppSettings.Keys);
    }

    [Fact]
    public void SignalRIsServerlessAndTakesNoKey()
    {
        var signalR = Snapshot.Properties("Microsoft.SignalRService/signalR");

        Assert.True(signalR["disableLocalAuth"]!.GetValue<bool>());
        Assert.False(signalR["disableAadAuth"]!.GetValue<bool>());
        var mode = Assert.Single(signalR["features"]!.AsArray(), f => f!["flag"]!.GetValue<string>() == "ServiceMode");
        Assert.Equal("Serverless", mode!["value"]!.GetValue<string>());
    }

    [Fact]
    public void TelemetryIsTakenFromIdentitiesAlone()
    {
        Assert.True(Snapshot.Properties("Microsoft.Insights/components")["DisableLocalAuth"]!.GetValue<bool>());
        Assert.True(Snapshot.Properties("Microsoft.OperationalInsights/workspaces")["features"]!["disableLocalAuth"]!.GetValue<bool>());
    }

    [Fact]
    public void TheAppIsReachedByHttpsAndPublishedToByIdentities()
    {
        var app = Snapshot.Properties("Microsoft.Web/sites");
        var policies = Snapshot.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToList();

        Assert.True(app["httpsOnly"]!.GetValue<bool>());
        Assert.Equal(["ftp", "scm"], policies.Select(p => p["name"]!.GetValue<string>().Split('/')[1]).Order());
        Assert.All(policies, p => Assert.False(p["properties"]!["allow"]!.GetValue<bool>()));
        Assert.Equal("UserAssignedIdentity", app["functionAppConfig"]!["deployment"]!["storage"]!["authentication"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public void TheAppRunsOnFlexConsumptionWithDotnet10()
    {
        var config = Snapshot.Properties("Microsoft.Web/sites")["functionAppConfig"]!;

        Assert.Equal("FC1", Snapshot.Only("Microsoft.Web/serverfarms")["sku"]!["name"]!.GetValue<string>());
        Assert.Equal("dotnet-isolated", config["runtime"]!["name"]!.GetValue<string>());
        Assert.Equal("10.0", config["runtime"]!["version"]!.GetValue<string>());
        Assert.EndsWith(
            ".primaryEndpoints.blob, 'deployments')]", config["deployment"]!["storage"]!["value"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("/deployments", Snapshot.Only("Microsoft.Storage/storageAccounts/blobServices/containers")["name"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>Flex Consumption refuses the deployment of a site that has one of these, even where it says no more than the default.</summary>
    [Fact]
    public void TheAppHasNoSettingThatFlexConsumptionRefuses()
    {
        string[] refused =
        [
            "alwaysOn", "ftpsState", "functionAppScaleLimit", "functionsRuntimeScaleMonitoringEnabled", "linuxFxVersion", "netFrameworkVersion",
            "preWarmedInstanceCount", "use32BitWorkerProcess",
        ];

        Assert.Empty(Snapshot.Properties("Microsoft.Web/sites")["siteConfig"]!.AsObject().Select(p => p.Key).Intersect(refused));
        Assert.DoesNotContain("FUNCTIONS_WORKER_RUNTIME", Snapshot.AppSettings.Keys);
    }

    [Fact]
    public void TelemetryIsKeptForTheTimeGivenInTheTablesThatHaveTheirOwn()
    {
        var tables = infra.SnapshotWith(new Dictionary<string, string> { ["PRESENCE_LOG_RETENTION_DAYS"] = "45" })
            .OfType("Microsoft.OperationalInsights/workspaces/tables").ToList();

        Assert.Contains(tables, t => t["name"]!.GetValue<string>().EndsWith("/AppRequests", StringComparison.Ordinal));
        Assert.All(tables, t => Assert.Equal(
            (45, 45), (t["properties"]!["retentionInDays"]!.GetValue<int>(), t["properties"]!["totalRetentionInDays"]!.GetValue<int>())));
    }

    [Fact]
    public void EveryTlsVersionIsAtLeast12()
    {
        var versions = Snapshot.Resources.SelectMany(r => Templates.Values(r))
            .Where(v => v.Path.EndsWith("TlsVersion", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(v => v.Path, v => v.Value!.GetValue<string>());

        Assert.Equal(
            ["/properties/minimumTlsVersion=TLS1_2", "/properties/siteConfig/minTlsVersion=1.2", "/properties/siteConfig/scmMinTlsVersion=1.2"],
            versions.Select(v => $"{v.Key}={v.Value}").Order());
    }

    [Fact]
    public void TheIdentitiesHaveExactlyTheRolesTheyNeedEachAtOneResource()
    {
        var roles = Snapshot.OfType("Microsoft.Authorization/roleAssignments").Select(Describe);

        Assert.Equal(Roles.Order(), roles.Order());
    }

    [Fact]
    public void EachResourceRunsUnderItsOwnIdentity()
    {
        Assert.Equal("app", IdentityOf(Assert.Single(IdentitiesOf("Microsoft.Web/sites"))));
        Assert.Equal("signalr", IdentityOf(Assert.Single(IdentitiesOf("Microsoft.SignalRService/signalR"))));
    }

    [Fact]
    public void TheVaultIsGovernedByRolesAndForgetsNothing()
    {
        var vault = Snapshot.Properties("Microsoft.KeyVault/vaults");

        Assert.True(vault["enableRbacAuthorization"]!.GetValue<bool>());
        Assert.True(vault["enableSoftDelete"]!.GetValue<bool>());
        Assert.True(vault["enablePurgeProtection"]!.GetValue<bool>());
        Assert.Null(vault["accessPolicies"]);
    }

    [Fact]
    public void NoKeyIsReadButTheOneOfTheUpstream()
    {
        Assert.DoesNotContain("listkeys", infra.Main.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("listaccountsas", infra.Main.ToJsonString(), StringComparison.OrdinalIgnoreCase);

        var reads = Templates.Values(infra.UpstreamKey).Where(v => $"{v.Value}".Contains("listkeys", StringComparison.OrdinalIgnoreCase)).ToList();
        var (path, value) = Assert.Single(reads);
        Assert.EndsWith("/properties/value", path, StringComparison.Ordinal);
        Assert.EndsWith("'2024-04-01').systemKeys.signalr_extension]", $"{value}", StringComparison.Ordinal);
        Assert.Contains("/host/default", $"{value}", StringComparison.Ordinal);
    }

    [Fact]
    public void NoSettingHoldsACredential()
    {
        string[] marks = ["AccountKey=", "AccessKey=", "SharedAccess", "sig=", "Password=", "listKeys", "SigningKey"];

        Assert.All(Snapshot.AppSettings, setting => Assert.All(marks, mark =>
            Assert.DoesNotContain(mark, setting.Key + "=" + setting.Value, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain("AzureWebJobsStorage", Snapshot.AppSettings.Keys);
        Assert.DoesNotContain("AzureSignalRConnectionString", Snapshot.AppSettings.Keys);
    }

    [Fact]
    public void TheOutputsAreNamesAndUrls()
    {
        string[] marks = ["key(", "keys(", "listKeys", "ConnectionString", "InstrumentationKey", "sharedKey", "properties.value"];
        var outputs = Templates.WithNested(infra.Main).Append(infra.UpstreamKey)
            .SelectMany(t => t["outputs"]?.AsObject().Select(o => o.Value!["value"]!.ToJsonString()) ?? []).ToList();

        Assert.NotEmpty(outputs);
        Assert.All(outputs, o => Assert.All(marks, mark => Assert.DoesNotContain(mark, o, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(
            [
                "AZURE_FUNCTION_APP_NAME", "AZURE_KEY_VAULT_NAME", "AZURE_LOCATION", "AZURE_RESOURCE_GROUP", "AZURE_SIGNALR_NAME", "AZURE_TENANT_ID",
                "PRESENCE_URL",
            ],
            Snapshot.Outputs.Select(o => o.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void OriginsAreThoseGivenAtBothDoors()
    {
        string[] origins = ["https://app.example.com", "https://admin.example.com"];
        var app = Snapshot.Properties("Microsoft.Web/sites")["siteConfig"]!["cors"]!;

        Assert.Equal(origins, app["allowedOrigins"]!.AsArray().Select(o => o!.GetValue<string>()));
        Assert.True(app["supportCredentials"]!.GetValue<bool>());
        Assert.Equal(origins, Snapshot.Properties("Microsoft.SignalRService/signalR")["cors"]!["allowedOrigins"]!.AsArray().Select(o => o!.GetValue<string>()));
    }

    [Fact]
    public void TheUpstreamIsTheWebhookOfTheAppWithItsKeyInTheVault()
    {
        var signalR = Snapshot.Properties("Microsoft.SignalRService/signalR");
        var upstream = Assert.Single(signalR["upstream"]!["templates"]!.AsArray())!;
        var app = Snapshot.Only("Microsoft.Web/sites")["name"]!.GetValue<string>();
        var secret = Snapshot.Only("Microsoft.KeyVault/vaults/secrets")["name"]!.GetValue<string>().Split('/');

        // Only the domain of the vaults is left open: it differs between the clouds.
        Assert.Equal(
            "[format('https://{0}/runtime/webhooks/signalr?code={{@Microsoft.KeyVault(SecretUri={1})}}', "
            + $"'{app}.azurewebsites.net', "
            + $"format('https://{{0}}{{1}}/secrets/{{2}}/', '{secret[0]}', environment().suffixes.keyvaultDns, '{secret[1]}'))]",
            upstream["urlTemplate"]!.GetValue<string>());
        AssertTellsOfConnections(upstream);
    }

    [Fact]
    public void TheHookPointsTheSameUpstreamAtTheSecretItWrote()
    {
        var patch = infra.UpstreamKey["outputs"]!["signalRPatch"]!["value"]!["properties"]!["upstream"]!["templates"]!.GetValue<string>();
        var function = Templates.Values(infra.UpstreamKey["functions"]).Single(v => v.Path.EndsWith("/urlTemplate", StringComparison.Ordinal));
        var secret = Assert.Single(Templates.ResourcesOf(infra.UpstreamKey), r => r["existing"] is null);

        Assert.Contains("upstreamTemplates(", patch, StringComparison.Ordinal);
        Assert.Contains("secretUriWithVersion", patch, StringComparison.Ordinal);
        Assert.Contains("/runtime/webhooks/signalr?code={{@Microsoft.KeyVault(SecretUri={1})}}", $"{function.Value}", StringComparison.Ordinal);
        Assert.Equal("Microsoft.KeyVault/vaults/secrets", secret["type"]!.GetValue<string>());
        Assert.EndsWith(
            Snapshot.Only("Microsoft.KeyVault/vaults/secrets")["name"]!.GetValue<string>().Split('/')[1],
            infra.UpstreamKey["variables"]!["upstreamSecretName"]!.GetValue<string>(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ProvisioningAgainLeavesTheSecretAlone()
    {
        var secret = Assert.Single(
            Templates.WithNested(infra.Main).SelectMany(Templates.ResourcesOf), r => r["type"]?.GetValue<string>() == "Microsoft.KeyVault/vaults/secrets");

        Assert.True(secret["@options"]!["onlyIfNotExists"] is not null);
    }

    [Fact]
    public void EveryParameterIsDescribed()
    {
        var parameters = Templates.WithNested(infra.Main).Append(infra.UpstreamKey)
            .SelectMany(t => t["parameters"]?.AsObject().AsEnumerable() ?? []).ToList();

        Assert.True(parameters.Count > 60, $"{parameters.Count} parameters");
        Assert.All(parameters, p => Assert.False(string.IsNullOrWhiteSpace(p.Value!["metadata"]?["description"]?.GetValue<string>()), p.Key));
    }

    [Fact]
    public void EverythingThatCanBeIsTagged()
    {
        var tagged = infra.SnapshotWith(new Dictionary<string, string> { ["AZURE_ENV_NAME"] = "test", ["PRESENCE_TAGS"] = """{"owner":"us"}""" });

        var resources = tagged.Resources.Where(r => !Untaggable.Contains(r["type"]!.GetValue<string>())).ToList();
        Assert.All(resources, r => Assert.Equal("test", r["tags"]?["azd-env-name"]?.GetValue<string>()));
        Assert.All(resources, r => Assert.Equal("us", r["tags"]?["owner"]?.GetValue<string>()));
        Assert.Equal(["presence"], resources.Select(r => r["tags"]!["azd-service-name"]?.GetValue<string>()).OfType<string>());
    }

    private static void AssertIsClosed(JsonObject account)
    {
        var properties = account["properties"]!;

        Assert.False(properties["allowSharedKeyAccess"]!.GetValue<bool>());
        Assert.False(properties["allowBlobPublicAccess"]!.GetValue<bool>());
        Assert.False(properties["allowCrossTenantReplication"]!.GetValue<bool>());
        Assert.True(properties["defaultToOAuthAuthentication"]!.GetValue<bool>());
        Assert.True(properties["supportsHttpsTrafficOnly"]!.GetValue<bool>());
        Assert.Equal("TLS1_2", properties["minimumTlsVersion"]!.GetValue<string>());
    }

    private static void AssertTellsOfConnections(JsonNode upstream)
    {
        var hubs = upstream["hubPattern"]!.GetValue<string>().Split(',');

        Assert.Equal([PresenceHub.Name, PresenceHub.Name.ToLowerInvariant()], hubs);
        Assert.Equal("connections", upstream["categoryPattern"]!.GetValue<string>());
        Assert.Equal("connected,disconnected", upstream["eventPattern"]!.GetValue<string>());
    }

    private static string Describe(JsonObject assignment)
    {
        var scope = assignment["id"]!.GetValue<string>().Split("/providers/Microsoft.Authorization/")[0];
        var parts = scope.Split("/providers/");
        var type = parts.Length == 2 ? string.Join('/', parts[1].Split('/')[..2]) : "more than a resource";
        var role = assignment["properties"]!["roleDefinitionId"]!.GetValue<string>().Split('/')[^1];
        return $"{IdentityOf(assignment["properties"]!["principalId"]!.GetValue<string>())}: {role} at {type}";
    }

    private static string IdentityOf(string reference) => reference.Contains("-signalr", StringComparison.Ordinal) ? "signalr" : "app";

    private IEnumerable<string> IdentitiesOf(string type)
    {
        var identity = Snapshot.Only(type)["identity"]!;
        Assert.Equal("UserAssigned", identity["type"]!.GetValue<string>());
        return identity["userAssignedIdentities"]!.AsObject().Select(i => i.Key);
    }
}
