using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Options;

namespace Presence.Tests.Core.TableStorage;

/// <summary>A test with a table of its own in Azurite, and any number of instances over it.</summary>
public abstract class TableTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly List<Instance> _instances = [];
    private string _connectionString = "";

    private protected FakeTimeProvider Clock { get; } = Some.Clock();

    private protected string TableName { get; } = "t" + Guid.NewGuid().ToString("N");

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The table as it is, past all of Core.</summary>
    private protected TableClient Table => new(_connectionString, TableName);

    public virtual async ValueTask InitializeAsync() => _connectionString = await azurite.ConnectionStringAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        await Table.DeleteAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    private protected Instance Create(
        Action<PresenceOptions>? change = null, HttpPipelineTransport? transport = null, FakeRealtimeService? realtime = null)
    {
        var instance = Instance.OverTable(
            _connectionString,
            Clock,
            options =>
            {
                options.TableName = TableName;
                options.ShardCount = 4;
                change?.Invoke(options);
            },
            transport,
            realtime);
        _instances.Add(instance);
        return instance;
    }
}
