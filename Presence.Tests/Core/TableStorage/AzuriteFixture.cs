using Microsoft.Extensions.Logging.Abstractions;
using Presence.LocalHost.Azurite;
using Presence.Tests.Core.TableStorage;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Presence.Tests.Core.TableStorage;

/// <summary>
/// One Azurite for all tests that ask for it, started when the first one does, and another for those about several accounts. Each test uses a
/// table of its own.
/// </summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteServer>> _server = new(StartAsync);
    private readonly Lazy<Task<AzuriteServer>> _further = new(StartAsync);

    public async Task<string> ConnectionStringAsync() => (await _server.Value).ConnectionString;

    public async Task<string> FurtherConnectionStringAsync() => (await _further.Value).ConnectionString;

    /// <summary>One more, for a test that stops it.</summary>
    internal static Task<AzuriteServer> StartAsync() =>
        AzuriteServer.StartAsync(new AzuriteOptions { Port = 0 }, NullLogger<AzuriteServer>.Instance, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _server, _further }.Where(s => s.IsValueCreated))
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
