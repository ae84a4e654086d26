using Microsoft.Extensions.Hosting;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// Looks at the table when the host starts: one of another shard count, or in other accounts, stops the start. An account out of reach does
/// not; calls that need it answer 503 until it is back.
/// </summary>
internal sealed class StorageCheck(PresenceTable table) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await table.OpenAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Logged by the table; the first call tries again.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
