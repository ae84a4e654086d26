using Presence.Tests.LocalHost;

namespace Presence.Tests.Infra;

public class BicepBuildTests
{
    public static TheoryData<string> EntryPoints => [.. Directory.GetFiles(Bicep.InfraPath, "*.bicep").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(EntryPoints))]
    public void ATemplateIsBuiltWithoutAWarning(string file)
    {
        using var output = new TemporaryDirectory();

        var answer = Bicep.Run(Bicep.InfraPath, Bicep.RequiredSettings, "build", file, "--outdir", output.Path);

        AssertSilent(answer);
        Assert.Single(Directory.GetFiles(output.Path, "*.json"));
    }

    [Theory]
    [InlineData("**/*.bicep")]
    [InlineData("*.bicepparam")]
    public void TheSourcesAreLintedWithoutAWarning(string pattern) =>
        AssertSilent(Bicep.Run(Bicep.InfraPath, Bicep.RequiredSettings, "lint", "--pattern", pattern));

    [Fact]
    public void TheParametersAreBuiltWithoutAWarning()
    {
        using var output = new TemporaryDirectory();

        AssertSilent(Bicep.Run(Bicep.InfraPath, Bicep.RequiredSettings, "build-params", "main.bicepparam", "--outdir", output.Path));
    }

    [Fact]
    public void TheSourcesAreFormatted()
    {
        using var copy = new TemporaryDirectory();
        Bicep.CopyInfra(copy.Path);

        Assert.Equal(0, Bicep.Run(copy.Path, Bicep.RequiredSettings, "format", "--pattern", "**/*.bicep", "--newline-kind", "LF").ExitCode);
        Assert.Equal(0, Bicep.Run(copy.Path, Bicep.RequiredSettings, "format", "--pattern", "*.bicepparam", "--newline-kind", "LF").ExitCode);

        var sources = Directory.GetFiles(copy.Path, "*.bicep*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".json", StringComparison.Ordinal));
        Assert.All(sources, file =>
            Assert.Equal(File.ReadAllText(Path.Combine(Bicep.InfraPath, Path.GetRelativePath(copy.Path, file))), File.ReadAllText(file)));
    }

    [Fact]
    public void EveryResourceIsAMicrosoftTypeAndEveryModuleIsHere()
    {
        var sources = Directory.GetFiles(Bicep.InfraPath, "*.bicep", SearchOption.AllDirectories).Select(File.ReadAllLines).SelectMany(l => l).ToList();

        Assert.All(sources.Where(l => l.StartsWith("resource ", StringComparison.Ordinal)), l => Assert.Contains(" 'Microsoft.", l, StringComparison.Ordinal));
        Assert.All(sources.Where(l => l.StartsWith("module ", StringComparison.Ordinal)), l => Assert.Contains(" 'modules/", l, StringComparison.Ordinal));
        Assert.DoesNotContain(sources, l => l.StartsWith("extension ", StringComparison.Ordinal));
    }

    private static void AssertSilent(BicepAnswer answer)
    {
        Assert.Equal("", answer.Errors);
        Assert.Equal("", answer.Output);
        Assert.Equal(0, answer.ExitCode);
    }
}
