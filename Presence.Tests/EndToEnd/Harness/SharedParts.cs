using Microsoft.Extensions.Logging.Abstractions;
using Presence.Core.Options;
using Presence.LocalHost.Azurite;
using Presence.Tests.Contract;
using Presence.Tests.EndToEnd.Harness;

[assembly: AssemblyFixture(typeof(SharedParts))]

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>What is started once, when the first test asks for it, and stopped after the last.</summary>
public sealed class SharedParts : IAsyncDisposable
{
    private static readonly Lazy<Task<AzuriteServer>> Azurite = new(() =>
        AzuriteServer.StartAsync(new() { Port = 0 }, NullLogger<AzuriteServer>.Instance, CancellationToken.None));

    private static readonly Lazy<Task<PresenceSystem>> Shared = new(() => PresenceSystem.StartAsync(new()));

    private static readonly Lazy<Task<PresenceSystem>> SharedBinding =
        new(() => PresenceSystem.StartAsync(new(), (nameof(PresenceOptions.Delivery), nameof(DeliveryMode.Binding))));

    public async ValueTask DisposeAsync()
    {
        ContractCoverage.Write();
        foreach (var system in new[] { Shared, SharedBinding }.Where(s => s.IsValueCreated))
        {
            await (await system.Value).DisposeAsync();
        }

        if (Azurite.IsValueCreated)
        {
            await (await Azurite.Value).DisposeAsync();
        }
    }

    internal static Task<PresenceSystem> SystemAsync() => Shared.Value;

    internal static Task<PresenceSystem> BindingSystemAsync() => SharedBinding.Value;

    internal static async Task<string> StorageAsync() => (await Azurite.Value).ConnectionString;
}
