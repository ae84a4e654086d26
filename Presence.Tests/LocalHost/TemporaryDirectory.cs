namespace Presence.Tests.LocalHost;

/// <summary>A directory of one test, gone after it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("presence-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
