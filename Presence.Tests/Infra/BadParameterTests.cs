using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Presence.Tests.Infra;

public partial class BadParameterTests(CompiledInfra infra, ParameterFiles files) : IClassFixture<ParameterFiles>
{
    /// <summary>The parameter, and a value that is refused when the parameter file is compiled.</summary>
    public static TheoryData<string, string> RefusedByTheCompiler => new()
    {
        { "signalR", "{ name: 'Standard_S3', capacity: 1 }" },
        { "signalR", "{ name: 'standard_s1', capacity: 1 }" },
        { "signalR", "{ name: 'Free_F1', capacity: 2 }" },
        { "signalR", "{ name: 'Standard_S1', capacity: 0 }" },
        { "signalR", "{ name: 'Standard_S1', capacity: 15 }" },
        { "signalR", "{ name: 'Standard_S1', capacity: 200 }" },
        { "signalR", "{ name: 'Premium_P1', capacity: 11 }" },
        { "signalR", "{ name: 'Premium_P2', capacity: 1 }" },
        { "signalR", "{ name: 'Premium_P2', capacity: 1100 }" },
        { "signalR", "{ name: 'Standard_S1' }" },
        { "namePrefix", "''" },
        { "namePrefix", "'ab'" },
        { "namePrefix", "'abcdefghijk'" },
        { "environmentName", "''" },
        { "instanceMemoryMB", "1024" },
        { "maximumInstanceCount", "39" },
        { "maximumInstanceCount", "1001" },
        { "storageSku", "'Standard_GRS'" },
        { "storageAccountCount", "0" },
        { "storageAccountCount", "11" },
        { "authenticationAuthority", "''" },
        { "authenticationAudience", "''" },
        { "sweepSchedule", "'* * * *'" },
        { "censusSchedule", "''" },
        { "truthSchedule", "''" },
        { "cleanupSchedule", "''" },
        { "webhookSchedule", "''" },
        { "eventGrid", "'yes'" },
        { "allowedOrigins", "[]" },
        { "presenceSettings", "{ ShardCount: 32 }" },
        { "logRetentionInDays", "29" },
        { "logDailyQuotaGb", "-2" },
        { "throttleCacheEntries", "0" },
        { "sweepIntervalSeconds", "0" },
        { "announcementDelaySeconds", "0" },
    };

    /// <summary>The parameter, and a value that only the evaluation of the template, which comes before anything is deployed, refuses.</summary>
    public static TheoryData<string, string> RefusedByTheTemplate => new()
    {
        { "namePrefix", "'Presence'" },
        { "namePrefix", "'my-name'" },
        { "authenticationAuthority", "'http://login.example.com'" },
        { "presenceSettings", "{ SweepSchedule: '*/30 * * * * *' }" },
        { "presenceSettings", "{ StorageAccounts: 'stother' }" },
        { "presenceSettings", "{ EventGridTopic: 'https://other.example.com/' }" },
        { "presenceSettings", "{ eventGridKey: 'a-key' }" },
        { "allowedOrigins", "['https://app.example.com/']" },
        { "allowedOrigins", "['app.example.com']" },
        { "presenceSettings", "{ Authentication__SigningKey: 'a-shared-key' }" },
    };

    public static TheoryData<string, string> Good => new()
    {
        { "signalR", "{ name: 'Free_F1', capacity: 1 }" },
        { "signalR", "{ name: 'Standard_S1', capacity: 100 }" },
        { "signalR", "{ name: 'Premium_P1', capacity: 10 }" },
        { "signalR", "{ name: 'Premium_P2', capacity: 1000 }" },
        { "namePrefix", "'abc'" },
        { "namePrefix", "'abcdefgh90'" },
        { "instanceMemoryMB", "4096" },
        { "maximumInstanceCount", "1000" },
        { "storageAccountCount", "10" },
    };

    [Theory]
    [MemberData(nameof(RefusedByTheCompiler))]
    public void ABadValueIsRefusedWhenTheParametersAreCompiled(string parameter, string value) =>
        AssertRefuses([parameter], files.Source(parameter, value), files.Errors(parameter, value));

    [Theory]
    [MemberData(nameof(RefusedByTheTemplate))]
    public void ABadValueIsRefusedWhenTheTemplateIsEvaluated(string parameter, string value)
    {
        var name = Guid.NewGuid().ToString("N");
        File.WriteAllText(Path.Combine(infra.Folder, name + ".bicepparam"), ParameterFiles.With(parameter, value));

        var answer = infra.TakeSnapshot(name, new Dictionary<string, string>());

        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains($"{parameter} must ", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void BadSettingsAreRefusedWhenTheParametersAreCompiled() => AssertRefuses(
        ["namePrefix", "signalR", "instanceMemoryMB", "maximumInstanceCount", "storageSku"],
        ParameterFiles.Original,
        ErrorsWith(new()
        {
            ["PRESENCE_NAME_PREFIX"] = "ab",
            ["PRESENCE_SIGNALR_SKU"] = "Standard_S2",
            ["PRESENCE_INSTANCE_MEMORY_MB"] = "1024",
            ["PRESENCE_MAXIMUM_INSTANCE_COUNT"] = "1",
            ["PRESENCE_STORAGE_SKU"] = "Premium_LRS",
        }));

    [Theory]
    [InlineData("15")]
    [InlineData("many")]
    public void UnitsThatDoNotExistAreRefusedWhenTheParametersAreCompiled(string units) =>
        AssertRefuses(["signalR"], ParameterFiles.Original, ErrorsWith(new() { ["PRESENCE_SIGNALR_UNITS"] = units }));

    [Fact]
    public void MissingSettingsAreNamed()
    {
        var answer = Bicep.Run(infra.Folder, new Dictionary<string, string>(), "build-params", "main.bicepparam", "--stdout");

        Assert.NotEqual(0, answer.ExitCode);
        Assert.All(Bicep.RequiredSettings.Keys, s => Assert.Contains($"\"{s}\" does not exist", answer.Errors, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void AGoodValueIsTaken(string parameter, string value) => Assert.Equal("", files.Errors(parameter, value));

    /// <summary>Azure itself holds a deployment to these: they bind those, too, who bring parameters of another kind.</summary>
    [Fact]
    public void TheTemplateCarriesTheLimits()
    {
        var parameters = infra.Main["parameters"]!;
        var pairs = Tiers().ToDictionary(t => t.Key, t => t.Value);

        Assert.Equal(["Free_F1", "Premium_P1", "Premium_P2", "Standard_S1"], pairs.Keys.Order());
        Assert.Equal([1], pairs["Free_F1"]);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100], pairs["Standard_S1"]);
        Assert.Equal(pairs["Standard_S1"], pairs["Premium_P1"]);
        Assert.Equal([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000], pairs["Premium_P2"]);
        Assert.Equal(3, parameters["namePrefix"]!["minLength"]!.GetValue<int>());
        Assert.Equal(10, parameters["namePrefix"]!["maxLength"]!.GetValue<int>());
        Assert.Equal([512, 2048, 4096], parameters["instanceMemoryMB"]!["allowedValues"]!.AsArray().Select(v => v!.GetValue<int>()));
        Assert.Equal(40, parameters["maximumInstanceCount"]!["minValue"]!.GetValue<int>());
        Assert.Equal(1000, parameters["maximumInstanceCount"]!["maxValue"]!.GetValue<int>());
        Assert.Equal(1, parameters["storageAccountCount"]!["minValue"]!.GetValue<int>());
        Assert.Equal(10, parameters["storageAccountCount"]!["maxValue"]!.GetValue<int>());
    }

    /// <summary>The longest prefix in the longest names still fits what Azure allows.</summary>
    [Fact]
    public void NamesFitWithTheLongestPrefix()
    {
        var names = infra.SnapshotWith(new Dictionary<string, string> { ["PRESENCE_NAME_PREFIX"] = "abcdefgh90", ["PRESENCE_STORAGE_ACCOUNT_COUNT"] = "10" });

        Assert.Equal(10, names.OfType("Microsoft.Storage/storageAccounts").Count());
        Assert.All(names.OfType("Microsoft.Storage/storageAccounts"), a => Assert.InRange(a["name"]!.GetValue<string>().Length, 3, 24));
        Assert.InRange(names.Only("Microsoft.KeyVault/vaults")["name"]!.GetValue<string>().Length, 3, 24);
        // Function apps whose names agree in the first 32 characters get into each other's way on one storage account.
        Assert.InRange(names.Only("Microsoft.Web/sites")["name"]!.GetValue<string>().Length, 2, 32);
        Assert.InRange(names.Only("Microsoft.SignalRService/signalR")["name"]!.GetValue<string>().Length, 3, 63);
    }

    private IEnumerable<KeyValuePair<string, int[]>> Tiers()
    {
        var definitions = infra.Main["definitions"]!;
        JsonNode Resolve(JsonNode node) =>
            node["$ref"] is { } reference ? Resolve(definitions[reference.GetValue<string>().Replace("#/definitions/", "", StringComparison.Ordinal)]!) : node;

        var discriminator = Resolve(infra.Main["parameters"]!["signalR"]!)["discriminator"]!;
        Assert.Equal("name", discriminator["propertyName"]!.GetValue<string>());
        return discriminator["mapping"]!.AsObject().Select(tier => KeyValuePair.Create(
            tier.Key,
            Resolve(Resolve(tier.Value!)["properties"]!["capacity"]!)["allowedValues"]!.AsArray().Select(v => v!.GetValue<int>()).Order().ToArray()));
    }

    private string ErrorsWith(Dictionary<string, string> settings)
    {
        var all = Bicep.RequiredSettings.Concat(settings).ToDictionary();
        var answer = Bicep.Run(infra.Folder, all, "build-params", "main.bicepparam", "--stdout");
        Assert.NotEqual(0, answer.ExitCode);
        return answer.Errors;
    }

    /// <summary>The compiler names places in the file; in those places stand these parameters, and no others.</summary>
    private static void AssertRefuses(string[] parameters, string source, string errors)
    {
        var lines = source.Split('\n');
        var refused = Place().Matches(errors)
            .Select(place => lines[..int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture)])
            .Select(before => before.Last(l => l.StartsWith("param ", StringComparison.Ordinal)).Split(' ')[1])
            .Distinct();

        Assert.Equal(parameters.Order(), refused.Order());
    }

    [GeneratedRegex(@"\.bicepparam\((\d+),\d+\) : Error")]
    private static partial Regex Place();
}
