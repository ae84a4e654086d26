using System.Text.Json;
using System.Text.Json.Nodes;
using Presence.Tests.Infra;
using Presence.Tests.LocalHost;

[assembly: AssemblyFixture(typeof(CompiledInfra))]

namespace Presence.Tests.Infra;

/// <summary>The templates, compiled once for all tests that ask, in a folder of their own.</summary>
public sealed class CompiledInfra : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly Lazy<string> _copy;
    private readonly Lazy<JsonNode> _main;
    private readonly Lazy<JsonNode> _upstreamKey;
    private readonly Lazy<Snapshot> _snapshot;

    public CompiledInfra()
    {
        _copy = new(() =>
        {
            Bicep.CopyInfra(_folder.Path);
            return _folder.Path;
        });
        _main = new(() => Build("main.bicep"));
        _upstreamKey = new(() => Build("upstream-key.bicep"));
        _snapshot = new(() => SnapshotWith(new Dictionary<string, string>()));
    }

    /// <summary>A copy of infra/ to write in.</summary>
    public string Folder => _copy.Value;

    /// <summary>main.bicep as an ARM template.</summary>
    internal JsonNode Main => _main.Value;

    /// <summary>upstream-key.bicep as an ARM template.</summary>
    internal JsonNode UpstreamKey => _upstreamKey.Value;

    /// <summary>What main.bicep with main.bicepparam would deploy, evaluated as far as that goes without a cloud.</summary>
    internal Snapshot Snapshot => _snapshot.Value;

    /// <summary>The same with other settings than the required.</summary>
    internal Snapshot SnapshotWith(IReadOnlyDictionary<string, string> further)
    {
        var name = Guid.NewGuid().ToString("N");
        File.Copy(Path.Combine(Folder, "main.bicepparam"), Path.Combine(Folder, name + ".bicepparam"));
        var answer = TakeSnapshot(name, further);
        Assert.True(answer.ExitCode == 0, answer.Errors);
        return new(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".snapshot.json")))!);
    }

    /// <summary>Evaluates a parameter file of <see cref="Folder"/>; the name comes without its ending.</summary>
    internal BicepAnswer TakeSnapshot(string name, IReadOnlyDictionary<string, string> further) => Bicep.Run(
        Folder,
        Merge(further),
        "snapshot", name + ".bicepparam", "--mode", "overwrite",
        "--tenant-id", "00000000-0000-0000-0000-000000000002",
        "--subscription-id", "00000000-0000-0000-0000-000000000001",
        "--location", "westeurope");

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> further)
    {
        var settings = new Dictionary<string, string>(Bicep.RequiredSettings);
        foreach (var (name, value) in further)
        {
            settings[name] = value;
        }

        return settings;
    }

    private JsonNode Build(string file)
    {
        var answer = Bicep.Run(Folder, Bicep.RequiredSettings, "build", file, "--stdout");
        Assert.True(answer.ExitCode == 0, answer.Errors);
        return JsonNode.Parse(answer.Output, documentOptions: new JsonDocumentOptions { MaxDepth = 256 })!;
    }
}
