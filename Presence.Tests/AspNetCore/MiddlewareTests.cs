using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Presence.AspNetCore;
using Presence.Client;
using Presence.Tests.Client;

namespace Presence.Tests.AspNetCore;

public sealed class MiddlewareTests : IDisposable
{
    private readonly Server _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task ARequestGoesOnWhateverItsUserIs()
    {
        await using var services = Some.Services(_server, Some.Clock(), options => options.GetUserId = _ => throw new InvalidOperationException("No."));
        var served = 0;
        var pipeline = Pipeline(services, () => served++);

        await pipeline(Some.RequestOf("alice"));
        await pipeline(new DefaultHttpContext());

        Assert.Equal((2, 0), (served, services.GetRequiredService<ActivityQueue>().Count));
    }

    [Fact]
    public async Task AnAuthenticatedRequestIsRecorded()
    {
        await using var services = Some.Services(_server, Some.Clock());
        var pipeline = Pipeline(services, () => { });

        await pipeline(Some.RequestOf("alice"));
        await pipeline(Some.RequestOf("alice"));
        await pipeline(new DefaultHttpContext());

        Assert.Equal("alice", Assert.Single(services.GetRequiredService<ActivityQueue>().Take()).UserId);
    }

    [Fact]
    public void WhoForgotToAddItIsToldSo()
    {
        using var services = new ServiceCollection().BuildServiceProvider();

        var e = Assert.Throws<InvalidOperationException>(() => new ApplicationBuilder(services).UsePresence());

        Assert.Contains("AddPresence", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeMeantIsSaidAllAtOnceWhenTheHostStarts()
    {
        using var services = Some.Services(_server, Some.Clock(), options =>
        {
            options.UserIdClaim = "";
            options.GetUserId = _ => null;
            options.Window = TimeSpan.FromMilliseconds(999);
            options.FlushInterval = TimeSpan.FromMinutes(2);
            options.QueueCapacity = 199;
            options.MaxUsers = 0;
        });

        var e = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        string[] names = ["UserIdClaim", "UserIdClaim", "Window", "FlushInterval", "FlushInterval", "QueueCapacity", "MaxUsers"];
        Assert.Equal(names, e.Failures.Select(failure => failure["PresenceActivityOptions: ".Length..].Split(' ')[0]));
    }

    [Fact]
    public void WithoutAnAddressTheHostDoesNotStart()
    {
        using var services = new ServiceCollection().AddLogging().AddPresence().BuildServiceProvider();

        var e = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("BaseAddress must be an address", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheAddressMayComeAsAConnectionString()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:presence", "http://127.0.0.1:7071")]).Build();
        using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddPresence().BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(new("http://127.0.0.1:7071"), services.GetRequiredService<IOptions<PresenceClientOptions>>().Value.BaseAddress);
    }

    [Fact]
    public void TheOptionsMayBeASectionOfTheConfiguration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([
            new("Presence:BaseAddress", "https://presence.test"), new("Presence:FunctionKey", "key"), new("Presence:Window", "00:01:00"), new("Presence:UserIdClaim", "oid"),
        ]).Build();
        using var services = new ServiceCollection().AddLogging().AddPresence(options => configuration.Bind("Presence", options)).BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        var (options, client) = (
            services.GetRequiredService<IOptions<PresenceActivityOptions>>().Value, services.GetRequiredService<IOptions<PresenceClientOptions>>().Value);
        Assert.Equal((TimeSpan.FromMinutes(1), "oid"), (options.Window, options.UserIdClaim));
        Assert.Equal((new Uri("https://presence.test"), "key"), (client.BaseAddress, client.FunctionKey));
    }

    private static RequestDelegate Pipeline(IServiceProvider services, Action served)
    {
        var app = new ApplicationBuilder(services);
        app.UsePresence();
        app.Run(_ =>
        {
            served();
            return Task.CompletedTask;
        });
        return app.Build();
    }
}
