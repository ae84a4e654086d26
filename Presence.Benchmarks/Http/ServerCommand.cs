using Microsoft.Extensions.DependencyInjection;
using Presence.Functions;
using Presence.LocalHost.Hosting;
using StackExchange.Redis;

namespace Presence.Benchmarks.Http;

/// <summary>The server that is measured, as a process of its own: the local host with a peer's function beside its own.</summary>
internal static class ServerCommand
{
    public const string Name = "serve";

    /// <summary>Tells its address on the first line, and ends with its standard input.</summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var (storage, signalR, peer, address) = arguments is [var a, var b, var c, var d]
            ? (a, b, Enum.Parse<PeerKind>(c), d)
            : throw new ArgumentException($"'{Name}' is for the benchmarks themselves");
        var throttle = await CreateAsync(peer, address);
        var options = new PresenceLocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Settings = new Dictionary<string, string?>
            {
                [SettingNames.StorageConnectionString] = storage,
                [SettingNames.SignalRConnectionString] = signalR,
                ["Presence__TableName"] = $"b{Guid.NewGuid():N}",
            },
            FunctionTypes = [typeof(ActivityFunctions), typeof(PeerFunctions)],
        }.WithPresence();
        var configure = options.ConfigureServices!;
        options.ConfigureServices = (services, configuration) =>
        {
            configure(services, configuration);
            services.AddSingleton(throttle);
        };
        await using var host = await PresenceLocalHost.StartAsync(options, cancellationToken);
        Console.WriteLine(host.BaseAddress);
        await Console.In.ReadToEndAsync(cancellationToken);
        return 0;
    }

    private static async Task<IPeerThrottle> CreateAsync(PeerKind peer, string address) => peer switch
    {
        PeerKind.Nothing => new NoThrottle(),
        PeerKind.Redis => new RedisThrottle((await ConnectionMultiplexer.ConnectAsync(address)).GetDatabase()),
        PeerKind.Postgres => await PostgresThrottle.CreateAsync(address),
    };
}
