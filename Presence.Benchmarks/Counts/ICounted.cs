namespace Presence.Benchmarks.Counts;

/// <summary>Counts that belong together.</summary>
internal interface ICounted
{
    /// <summary>What they are about.</summary>
    string Title { get; }

    /// <summary>How they are made.</summary>
    string How { get; }

    /// <param name="storage">A storage account for them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<Count>> CountAsync(string storage, CancellationToken cancellationToken);
}
