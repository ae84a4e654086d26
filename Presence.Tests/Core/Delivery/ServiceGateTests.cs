using Microsoft.Extensions.Time.Testing;
using Presence.Core.Concurrency;
using Presence.Core.Delivery;
using Presence.Core.Ports;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

public sealed class ServiceGateTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly ServiceGate _gate;
    private Func<CancellationToken, Task> _service = _ => Task.CompletedTask;
    private int _calls;

    public ServiceGateTests() => _gate = new(_clock);

    [Fact]
    public async Task ACallRefusedOnceIsMadeAgain()
    {
        _service = _ => _calls == 1 ? throw new RealtimeUnavailableException("refused") : Task.CompletedTask;

        await _clock.RunAsync(CallAsync());

        Assert.Equal((2, false), (_calls, _gate.IsShut));
    }

    [Fact]
    public async Task ACallThatHangsEndsInTime()
    {
        Hang();

        var call = CallAsync();
        _clock.Advance(Seconds(1.799));
        Assert.False(call.IsCompleted);
        _clock.Advance(Seconds(0.001));

        await Assert.ThrowsAsync<RealtimeUnavailableException>(() => call);
    }

    [Fact]
    public async Task NoTryBeginsAfterTheLimit()
    {
        using var limit = new TimeLimit(Seconds(1), _clock);
        var calls = 0;
        var call = _gate.CallAsync(
            _ =>
            {
                calls++;
                _clock.Advance(Seconds(1));
                throw new RealtimeUnavailableException("refused");
            },
            limit);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _clock.RunAsync(call));

        Assert.Equal((1, false), (calls, _gate.IsShut));
    }

    [Fact]
    public async Task AServiceThatRefusesOneCallInTwentyIsNotKnownToRefuse()
    {
        _service = _ => _calls % 20 == 0 ? throw new RealtimeUnavailableException("refused") : Task.CompletedTask;
        for (var i = 0; i < 400; i++)
        {
            await _clock.RunAsync(CallAsync());
        }

        Assert.Equal((421, false), (_calls, _gate.IsShut));
    }

    [Fact]
    public async Task AfterThreeFailedCallsOthersEndAtOnce()
    {
        await ShutAsync();
        var before = _calls;

        await Assert.ThrowsAsync<RealtimeUnavailableException>(() => CallAsync());

        Assert.Equal((before, true), (_calls, _gate.IsShut));
    }

    [Fact]
    public async Task ThreeThatHangAtTheSameTimeAreEnough()
    {
        Hang();
        var calls = Enumerable.Range(0, 3).Select(_ => CallAsync()).ToList();
        _clock.Advance(ServiceGate.Within);
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<RealtimeUnavailableException>(() => call);
        }

        Assert.True(_gate.IsShut);
    }

    [Fact]
    public async Task AManyCallsThatWentWellBeforeDoNotDelayTheKnowledge()
    {
        for (var i = 0; i < 1_000; i++)
        {
            await CallAsync();
        }

        await ShutAsync();
        Assert.True(_gate.IsShut);
    }

    [Fact]
    public async Task AfterThePauseOneTriesWhileOthersStillEndAtOnce()
    {
        await ShutAsync();
        _clock.Advance(ServiceGate.Pause);
        var answer = new TaskCompletionSource();
        _service = _ => answer.Task;
        var before = _calls;

        var trying = CallAsync();
        await Assert.ThrowsAsync<RealtimeUnavailableException>(() => CallAsync());
        Assert.Equal((before + 1, true), (_calls, _gate.IsShut));
        var trial = _gate.Trial;
        Assert.False(trial.IsCompleted);
        answer.SetResult();
        await trial;

        Assert.Equal((false, true), (_gate.IsShut, _gate.Trial.IsCompleted));
        await trying;
        await CallAsync();
    }

    [Fact]
    public async Task WhereNothingWasHeardForLongOthersWaitForTheOneThatTries()
    {
        await ShutAsync();
        _clock.Advance(ServiceGate.KnownFor);
        var answer = new TaskCompletionSource();
        _service = _ => answer.Task;

        var trying = CallAsync();
        var waiting = CallAsync();
        Assert.False(waiting.IsCompleted);
        answer.SetResult();
        await trying;
        await waiting;

        Assert.False(_gate.IsShut);
    }

    [Fact]
    public async Task WhoeverWaitsForATryThatFailsIsRefused()
    {
        await ShutAsync();
        _clock.Advance(ServiceGate.KnownFor);
        Hang();

        var trying = CallAsync();
        var waiting = CallAsync();
        _clock.Advance(ServiceGate.Within);

        await Assert.ThrowsAsync<RealtimeUnavailableException>(() => trying);
        await Assert.ThrowsAsync<RealtimeUnavailableException>(() => waiting);
    }

    [Fact]
    public async Task ATryThatFailsShutsItForAnotherPause()
    {
        await ShutAsync();
        _clock.Advance(ServiceGate.Pause);
        await FailAsync();
        var before = _calls;

        _clock.Advance(ServiceGate.Pause - Seconds(0.001));
        await Assert.ThrowsAsync<RealtimeUnavailableException>(() => CallAsync());
        Assert.Equal(before, _calls);
        _clock.Advance(Seconds(0.001));
        _service = _ => Task.CompletedTask;
        await CallAsync();

        Assert.False(_gate.IsShut);
    }

    [Fact]
    public async Task ATryThatItsCallerGivesUpLetsTheNextTry()
    {
        await ShutAsync();
        _clock.Advance(ServiceGate.Pause);
        Hang();
        using var gone = new CancellationTokenSource();
        var given = CallAsync(gone);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        _service = _ => Task.CompletedTask;
        await CallAsync();

        Assert.False(_gate.IsShut);
    }

    [Fact]
    public async Task CallersWhoGiveUpSayNothingOfTheService()
    {
        Hang();
        for (var i = 0; i < 10; i++)
        {
            using var gone = new CancellationTokenSource();
            var call = CallAsync(gone);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.False(_gate.IsShut);
    }

    private void Hang() => _service = token => new TaskCompletionSource().Task.WaitAsync(token);

    private async Task ShutAsync()
    {
        for (var i = 0; i < ServiceGate.Enough; i++)
        {
            await FailAsync();
        }
    }

    private async Task FailAsync()
    {
        _service = _ => throw new RealtimeUnavailableException("refused");
        await Assert.ThrowsAsync<RealtimeUnavailableException>(() => _clock.RunAsync(CallAsync()));
    }

    private Task CallAsync(CancellationTokenSource? given = null) => _gate.CallAsync(
        async token =>
        {
            _calls++;
            await _service(token);
        },
        given?.Token ?? CancellationToken.None);
}
