using Presence.Core.Health;

namespace Presence.Core.TableStorage;

/// <summary>The storage: a row of each account is asked for.</summary>
internal sealed class StorageDependency(PresenceTable table) : IDependency
{
    public string Name => "storage";

    public Task AskAsync(CancellationToken cancellationToken) => table.AskEachAccountAsync(cancellationToken);
}
