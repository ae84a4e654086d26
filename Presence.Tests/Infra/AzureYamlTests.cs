using YamlDotNet.RepresentationModel;

namespace Presence.Tests.Infra;

public class AzureYamlTests(CompiledInfra infra)
{
    private static readonly YamlMappingNode Root = Read();

    [Fact]
    public void TheServiceIsTheFunctionsProject()
    {
        var (name, service) = Assert.Single((YamlMappingNode)Root["services"]);

        Assert.Equal("function", Text(service["host"]));
        Assert.Equal("dotnet", Text(service["language"]));
        Assert.Single(Directory.GetFiles(Repository.PathOf(Text(service["project"])), "*.csproj"));
        Assert.Equal(Text(name), infra.Snapshot.Only("Microsoft.Web/sites")["tags"]!["azd-service-name"]!.GetValue<string>());
    }

    [Fact]
    public void TheHooksAreThereForEverySystem()
    {
        var (name, hook) = Assert.Single((YamlMappingNode)Root["hooks"]);

        Assert.Equal("postdeploy", Text(name));
        Assert.Equal("sh", Text(hook["posix"]["shell"]));
        Assert.Equal("pwsh", Text(hook["windows"]["shell"]));
        Assert.True(File.Exists(Repository.PathOf(Text(hook["posix"]["run"]))));
        Assert.True(File.Exists(Repository.PathOf(Text(hook["windows"]["run"]))));
    }

    [Theory]
    [InlineData("postdeploy.sh")]
    [InlineData("postdeploy.ps1")]
    public void AHookReadsOnlyWhatAzdHandsToIt(string file)
    {
        var text = File.ReadAllText(Path.Combine(Bicep.InfraPath, "hooks", file));
        var read = System.Text.RegularExpressions.Regex.Matches(text, "AZURE_[A-Z_]+").Select(m => m.Value).Distinct();

        // Of azd itself, the rest are outputs.
        Assert.Empty(read.Except([.. infra.Snapshot.Outputs.Select(o => o.Key), "AZURE_SUBSCRIPTION_ID"]));
    }

    private static YamlMappingNode Read()
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Repository.PathOf("azure.yaml"));
        yaml.Load(reader);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
