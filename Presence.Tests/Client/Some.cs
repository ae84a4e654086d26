using Microsoft.Extensions.DependencyInjection;
using Presence.Client;

namespace Presence.Tests.Client;

/// <summary>What the tests of the client are made of.</summary>
internal static class Some
{
    public static readonly Uri Address = new("https://presence.test");

    public static readonly PresenceCredentials Alice = PresenceCredentials.Bearer("token-of-alice", "alice");

    public static readonly PresenceCredentials Bob = PresenceCredentials.Bearer("token-of-bob", "bob");

    public const string Key = "the-function-key";

    /// <summary>A client of a server that answers as the handler says.</summary>
    public static IPresenceClient Client(Server server, Action<PresenceClientOptions>? configure = null, TimeProvider? time = null) =>
        Services(server, configure, time).GetRequiredService<IPresenceClient>();

    public static ServiceProvider Services(Server server, Action<PresenceClientOptions>? configure = null, TimeProvider? time = null)
    {
        var services = new ServiceCollection().AddSingleton(time ?? TimeProvider.System);
        services.AddPresenceClient(options =>
        {
            options.BaseAddress = Address;
            options.FunctionKey = Key;
            configure?.Invoke(options);
        }).ConfigurePrimaryHttpMessageHandler(() => server);
        return services.BuildServiceProvider();
    }
}
