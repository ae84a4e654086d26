using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Presence.Client;

namespace Presence.Tests.AspNetCore;

public class ReadmeTests
{
    /// <summary>The lines of README stand here as they are there, so that they are known to compile, and to be enough.</summary>
    [Fact]
    public async Task WhatTheReadmeSaysOfAspNetCoreIsAllThatItTakes()
    {
        const string key = "the-function-key";
        var builder = WebApplication.CreateSlimBuilder();

        builder.Services.AddPresence(options => (options.BaseAddress, options.FunctionKey) = (new("https://presence.example.com"), key));
        await using var app = builder.Build();
        app.UsePresence();

        app.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal(key, app.Services.GetRequiredService<IOptions<PresenceClientOptions>>().Value.FunctionKey);
        Assert.Empty((await SaidAsync()).Except(await HereAsync()));
    }

    private static async Task<string[]> SaidAsync()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken);
        string[] said = [.. readme.Split("```csharp\n")[1].Split("```")[0].Split('\n').Select(line => line.Split(" //")[0].Trim()).Where(line => line.Length > 0)];
        Assert.Contains("app.UsePresence();", said);
        return said;
    }

    private static async Task<IEnumerable<string>> HereAsync() =>
        (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "Presence.Tests", "AspNetCore", "ReadmeTests.cs"), TestContext.Current.CancellationToken))
            .Select(line => line.Trim());
}
