namespace Presence.LocalHost.Azurite;

/// <summary>A lock among processes. The operating system ends it with its holder, whichever way that one goes.</summary>
internal sealed class FileLock : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    public static async Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            await Task.Delay(Retry, TimeProvider.System, cancellationToken);
        }
    }

    /// <returns>Null when another process has the lock.</returns>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
