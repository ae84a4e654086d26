using Microsoft.Extensions.Time.Testing;
using Presence.Chaos;
using Presence.Chaos.Faults;

namespace Presence.Tests.Chaos.Faults;

public class ReceiverMonkeyTests
{
    private readonly FakeTimeProvider _time = new(new(2031, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ActiveFaults _faults = new(seed: 1);

    [Fact]
    public async Task TheReceiverIsUnwellNowAndThenAndWellInTheEnd()
    {
        var monkey = Monkey();
        var running = monkey.RunAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        for (var step = 0; step < 6_000 && !running.IsCompleted; step++)
        {
            _faults.OfReceiver();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await running;
        Assert.InRange(monkey.Mishaps, 8, 60);
        Assert.InRange(_faults.Missed, 20, 500);
        Assert.Null(_faults.OfReceiver());
    }

    [Fact]
    public async Task StoppedItLeavesTheReceiverWell()
    {
        using var stop = new CancellationTokenSource();
        var running = Monkey().RunAsync(TimeSpan.FromHours(1), stop.Token);
        while (_faults.Missed == 0)
        {
            _faults.OfReceiver();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Null(_faults.OfReceiver());
    }

    [Fact]
    public void LiftingWhatIsWrongWithOthersLeavesItAsItIs()
    {
        _faults.Receiver = () => Presence.Chaos.Network.ForwardFault.Cut;
        _faults.Lift();

        Assert.NotNull(_faults.OfReceiver());
    }

    private ReceiverMonkey Monkey() => new(_faults, new Live(TextWriter.Null, _time), _time, seed: 1);
}
