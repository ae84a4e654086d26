using System.Text.RegularExpressions;
using Presence.Tests.LocalHost;

namespace Presence.Tests.Infra;

/// <summary>main.bicepparam with one parameter changed, many times over, compiled in one go.</summary>
public sealed class ParameterFiles : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly List<(string Parameter, string Value)> _cases =
        [.. BadParameterTests.RefusedByTheCompiler.Concat(BadParameterTests.Good).Select(c => c.Data)];

    private readonly string[] _errors;

    public ParameterFiles()
    {
        Bicep.CopyInfra(_folder.Path);
        foreach (var (index, (parameter, value)) in _cases.Index())
        {
            File.WriteAllText(Path.Combine(_folder.Path, FileName(index)), With(parameter, value));
        }

        var answer = Bicep.Run(_folder.Path, Bicep.RequiredSettings, "build-params", "--pattern", "case-*.bicepparam");
        _errors = answer.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEqual(0, answer.ExitCode);
    }

    public static string Original { get; } = File.ReadAllText(Path.Combine(Bicep.InfraPath, "main.bicepparam"));

    public string Source(string parameter, string value) => File.ReadAllText(Path.Combine(_folder.Path, FileName(Index(parameter, value))));

    /// <summary>What the compiler has against a case; nothing, if it has written its result.</summary>
    public string Errors(string parameter, string value)
    {
        var file = FileName(Index(parameter, value));
        var errors = string.Join('\n', _errors.Where(e => e.Contains(file + "(", StringComparison.Ordinal)));
        Assert.Equal(errors.Length == 0, File.Exists(Path.Combine(_folder.Path, Path.ChangeExtension(file, ".json"))));
        return errors;
    }

    /// <summary>The parameter file with another value of one parameter.</summary>
    public static string With(string parameter, string value)
    {
        var assignment = new Regex($@"^param {parameter} = (\{{\n(.*\n)*?\}}|.*)$", RegexOptions.Multiline);
        Assert.Single(assignment.Matches(Original));
        return assignment.Replace(Original, _ => $"param {parameter} = {value}");
    }

    public void Dispose() => _folder.Dispose();

    private int Index(string parameter, string value) => _cases.IndexOf((parameter, value));

    private static string FileName(int index) => $"case-{index}.bicepparam";
}
