using System.Diagnostics;

namespace Presence.Tests.Infra;

public class PublishTests
{
    [Fact]
    public void WhatIsPublishedIsCompiledForWhereItRuns()
    {
        var properties = Evaluated("-p:_IsPublishing=true");

        Assert.Contains("\"RuntimeIdentifier\": \"linux-x64\"", properties, StringComparison.Ordinal);
        Assert.Contains("\"PublishReadyToRun\": \"true\"", properties, StringComparison.Ordinal);
        Assert.Contains("\"SelfContained\": \"false\"", properties, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void BuildingAsksForNothingBeyondTheSdk()
    {
        var properties = Evaluated();

        Assert.Contains("\"RuntimeIdentifier\": \"\"", properties, StringComparison.Ordinal);
        Assert.DoesNotContain("\"PublishReadyToRun\": \"true\"", properties, StringComparison.Ordinal);
    }

    /// <summary>The package script and azd both run <c>dotnet publish</c>, which sets this property.</summary>
    private static string Evaluated(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "msbuild", Repository.PathOf("Presence.Functions"), "-nologo",
                "-getProperty:RuntimeIdentifier", "-getProperty:PublishReadyToRun", "-getProperty:SelfContained", .. arguments,
            ])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
