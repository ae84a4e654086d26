using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Presence.Client;

namespace Presence.Tests.Client;

public class OptionsTests
{
    [Fact]
    public void WhatCannotBeMeantIsSaidAllAtOnceWhenTheHostStarts()
    {
        using var services = Some.Services(new Server(), options =>
        {
            options.BaseAddress = new("presence", UriKind.Relative);
            options.FunctionKey = "two\r\nlines";
            options.MaxRememberedUsers = -1;
            options.MaxRetries = 11;
            options.AttemptTimeout = TimeSpan.FromSeconds(50);
            options.LongestWait = TimeSpan.FromSeconds(-1);
        });

        var e = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        string[] names = ["BaseAddress", "FunctionKey", "MaxRememberedUsers", "MaxRetries", "TotalTimeout", "LongestWait"];
        Assert.Equal(names, e.Failures.Select(failure => failure["PresenceClientOptions: ".Length..].Split(' ')[0]));
        Assert.DoesNotContain("two", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAddressWithAPathIsKeptWhole()
    {
        var server = new Server().Answers("{}");

        await Some.Client(server, options => options.BaseAddress = new("https://gateway.test/presence")).GetStatsAsync();

        Assert.Equal("/presence/maintenance/stats", server.Only.Path);
    }

    [Fact]
    public async Task AddedTwiceItIsStillOneClientThatTriesAgainAsOftenAsOne()
    {
        var server = new Server().IsAway(90);
        var services = new ServiceCollection();
        services.AddPresenceClient(options => options.BaseAddress = Some.Address);
        services.AddPresenceClient(options => options.MaxRetries = 1).ConfigurePrimaryHttpMessageHandler(() => server);

        await Assert.ThrowsAsync<PresenceException>(() => services.BuildServiceProvider().GetRequiredService<IPresenceClient>().GetStatsAsync());

        Assert.Single(server.Asked);
    }
}
