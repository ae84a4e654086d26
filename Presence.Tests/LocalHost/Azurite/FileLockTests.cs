using Presence.LocalHost.Azurite;

namespace Presence.Tests.LocalHost.Azurite;

public class FileLockTests
{
    [Fact]
    public async Task OneAtATimeHoldsALock()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "a.lock");

        var held = await FileLock.AcquireAsync(path, TestContext.Current.CancellationToken);
        Assert.Null(FileLock.TryAcquire(path));

        await held.DisposeAsync();
        await using var next = FileLock.TryAcquire(path);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task WaitingForALockCanBeCanceled()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "a.lock");
        await using var held = FileLock.TryAcquire(path);
        using var canceled = new CancellationTokenSource();

        var waiting = FileLock.AcquireAsync(path, canceled.Token);
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void ADirectoryThatIsNotThereIsAnErrorAndNoLock() =>
        Assert.Throws<DirectoryNotFoundException>(
            () => FileLock.TryAcquire(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "a.lock")));
}
