using Presence.LocalHost.Invocation.Timers;

namespace Presence.Tests.LocalHost.Invocation;

public class InProcessTimerLeaseTests
{
    private readonly InProcessTimerLease _leases = new();

    [Fact]
    public async Task OnlyOneHoldsTheLeaseOfAFunction()
    {
        var held = await AcquireAsync("sweep");

        Assert.NotNull(held);
        Assert.Null(await AcquireAsync("Sweep"));
        Assert.NotNull(await AcquireAsync("other"));
    }

    [Fact]
    public async Task GivingALeaseBackTwiceDoesNotEndThatOfTheNextHolder()
    {
        var first = await AcquireAsync("sweep");
        await first!.DisposeAsync();
        var second = await AcquireAsync("sweep");

        await first.DisposeAsync();

        Assert.NotNull(second);
        Assert.Null(await AcquireAsync("sweep"));
    }

    private async Task<IAsyncDisposable?> AcquireAsync(string name) =>
        await _leases.TryAcquireAsync(name, TestContext.Current.CancellationToken);
}
