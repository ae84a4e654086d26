using Microsoft.Extensions.Logging.Abstractions;
using Presence.LocalHost.Azurite;
using Presence.Tests.Core.TableStorage;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Presence.Tests.Core.TableStorage;

/// <summary>One Azurite for all tests that ask for it, started when the first one does. Each test uses a table of its own.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteServer>> _server = new(() =>
        AzuriteServer.StartAsync(new AzuriteOptions { Port = 0 }, NullLogger<AzuriteServer>.Instance, CancellationToken.None));

    public async Task<string> ConnectionStringAsync() => (await _server.Value).ConnectionString;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
