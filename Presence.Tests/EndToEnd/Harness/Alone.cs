namespace Presence.Tests.EndToEnd.Harness;

/// <summary>For tests that read what every call of the system changes: no other test runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
