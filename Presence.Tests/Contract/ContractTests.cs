using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Template;
using Presence.Core.Domain;
using Presence.LocalHost.Azurite;
using Presence.Tests.Functions.Http;

namespace Presence.Tests.Contract;

/// <summary>The documents say what is declared, all of it, and are what they claim to be.</summary>
public class ContractTests
{
    [Fact]
    public void TheDocumentOfTheRoutesSaysWhatIsDeclared() => ContractFiles.MustSay(ContractFiles.PathOf(ContractFiles.OpenApi), JsonText.Of(OpenApiWriter.Write()));

    [Fact]
    public void TheDocumentOfTheMessagesSaysWhatIsDeclared() => ContractFiles.MustSay(ContractFiles.PathOf(ContractFiles.AsyncApi), JsonText.Of(AsyncApiWriter.Write()));

    [Fact]
    public void EveryRouteAndMethodStandsInItAndNoOther()
    {
        var written = ContractFiles.Read(ContractFiles.OpenApi)["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}"));
        var declared = DeclaredFunctions.WithMethods.SelectMany(f => f.Methods.Select(method => $"{method} /{f.Route}"));
        var besides = Operations.All.Where(o => o.Path is not null).SelectMany(o => Function(o).Methods.Select(method => $"{method} /{o.Path}"));

        Assert.Equal(declared.Concat(besides).Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
        Assert.All(Operations.All.Where(o => o.Path is not null), o => Assert.True(new TemplateMatcher(TemplateParser.Parse(Function(o).Route), []).TryMatch("/" + o.Path, [])));
    }

    [Fact]
    public void EveryMessageStandsInItAndNoOther()
    {
        var declared = typeof(ClientMethod).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        var written = ContractFiles.Read(ContractFiles.AsyncApi)["components"]!["messages"]!.AsObject().Select(message => message.Value!["name"]!.GetValue<string>());

        Assert.Equal(declared.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NamesOfOperationsAreTheirOwn()
    {
        var ids = OpenApiContract.Current.Operations.Select(o => o.Id).ToList();

        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory, InlineData("openapi", ContractFiles.OpenApi), InlineData("asyncapi", ContractFiles.AsyncApi)]
    public async Task OthersFindItValid(string kind, string file) => Assert.Equal("", await FindingsAsync(kind, ContractFiles.PathOf(file)));

    [Theory]
    [InlineData("openapi", ContractFiles.OpenApi, "/info/title")]
    [InlineData("openapi", ContractFiles.OpenApi, "/components/schemas/PresenceView")]
    [InlineData("openapi", ContractFiles.OpenApi, "/components/parameters/Presence-Token/in")]
    [InlineData("asyncapi", ContractFiles.AsyncApi, "/info/title")]
    [InlineData("asyncapi", ContractFiles.AsyncApi, "/components/schemas/PresenceView")]
    [InlineData("asyncapi", ContractFiles.AsyncApi, "/operations/userStatus/action")]
    public async Task OthersFindAMissingPart(string kind, string file, string part)
    {
        var document = ContractFiles.Read(file);
        var steps = part.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(steps[..^1].Aggregate((JsonNode)document, (node, step) => node[step]!).AsObject().Remove(steps[^1]));
        var broken = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(broken, JsonText.Of(document), TestContext.Current.CancellationToken);

            Assert.NotEqual("", await FindingsAsync(kind, broken));
        }
        finally
        {
            File.Delete(broken);
        }
    }

    private static DeclaredFunction Function(Operation operation) => DeclaredFunctions.WithMethods.Single(f => f.Name == operation.Function);

    private static async Task<string> FindingsAsync(string kind, string path)
    {
        var folder = await JavaScriptInstallation.EnsureAsync("Contract/js");
        using var node = Process.Start(new ProcessStartInfo(new NodeTools(null).Node, ["validate.mjs", kind, path])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, await errors);
        return (await output).Trim();
    }
}
