namespace Presence.Tests.AspNetCore;

public class SampleTests
{
    /// <summary>The sample is compiled, so that what README says is as well.</summary>
    [Fact]
    public async Task WhatTheReadmeSaysOfAspNetCoreStandsInTheSample()
    {
        var stop = TestContext.Current.CancellationToken;
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), stop);
        var sample = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "samples", "Presence.Samples.Web", "Program.cs"), stop);
        string[] said = [.. readme.Split("```csharp\n")[1].Split("```")[0].Split('\n').Select(line => line.Split("//")[0].Trim()).Where(line => line.Length > 0)];

        Assert.Equal(2, said.Length);
        Assert.All(said, line => Assert.Contains(line, sample));
    }
}
