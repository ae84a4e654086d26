using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Presence.LocalHost.Hosting;
using Presence.LocalHost.Invocation.Timers;

namespace Presence.Tests.LocalHost.Invocation;

public class TimerFunctionTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 5, TimeSpan.Zero);

    private readonly SignallingTimeProvider _time = new(Start);

    [Fact]
    public async Task AFunctionRunsAtEachTickOfItsSchedule()
    {
        await using var host = await StartAsync(typeof(Sweep), ("Presence:SweepSchedule", "*/15 * * * * *"));

        await TickAsync(TimeSpan.FromSeconds(10));
        var first = await host.Probe.NextAsync<TimerInfo>();
        await TickAsync(TimeSpan.FromSeconds(15));
        await host.Probe.NextAsync<TimerInfo>();

        Assert.Null(first.ScheduleStatus);
        Assert.False(first.IsPastDue);
        Assert.Equal(["chat: swept", "chat: swept"], (await AllSentAsync(host, TimeSpan.FromSeconds(15))).Take(2));
    }

    [Theory]
    [InlineData("Presence__SweepSchedule")]
    [InlineData("Presence:SweepSchedule")]
    public async Task AScheduleIsFoundUnderEitherSpellingOfItsSetting(string setting)
    {
        await using var host = await StartAsync(typeof(Sweep), (setting, "0 0 * * * *"));

        Assert.Equal(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(5), await _time.NextWaitAsync());
    }

    [Fact]
    public async Task AFailedRunIsLoggedAndTheNextTickComes()
    {
        await using var host = await StartAsync(typeof(Fails));

        await TickAsync(TimeSpan.FromSeconds(10));
        await host.Probe.NextAsync<TimerInfo>();
        await TickAsync(TimeSpan.FromSeconds(15));
        await host.Probe.NextAsync<TimerInfo>();
        await _time.NextWaitAsync();

        Assert.Equal(2, host.Errors.Count(error => error.Id.Name == "FunctionFailed"));
    }

    [Fact]
    public async Task RunsDoNotOverlapAndMissedTicksAreMadeUpForByOneRun()
    {
        await using var host = await StartAsync(typeof(Slow));

        await TickAsync(TimeSpan.FromSeconds(10));
        var first = await host.Probe.NextAsync<TaskCompletionSource>();
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.True(host.Probe.SawNothing);
        first.SetResult();

        var second = await host.Probe.NextAsync<TaskCompletionSource>();
        second.SetResult();

        // 12:00:15 has run until 12:01:05, where one run follows at once; the next is that of 12:01:15.
        Assert.Equal(TimeSpan.FromSeconds(10), await _time.NextWaitAsync());
    }

    [Fact]
    public async Task AMonitoredScheduleHasAStatus()
    {
        await using var host = await StartAsync(typeof(Monitored));

        await TickAsync(TimeSpan.FromSeconds(55));
        var first = await host.Probe.NextAsync<TimerInfo>();
        await TickAsync(TimeSpan.FromMinutes(1));
        var second = await host.Probe.NextAsync<TimerInfo>();

        Assert.Equal(default(DateTime), first.ScheduleStatus?.Last);
        Assert.Equal(new DateTime(2026, 3, 1, 12, 1, 0, DateTimeKind.Utc), first.ScheduleStatus?.Next);
        Assert.Equal(new DateTime(2026, 3, 1, 12, 1, 0, DateTimeKind.Utc), second.ScheduleStatus?.Last);
        Assert.Equal(new DateTime(2026, 3, 1, 12, 2, 0, DateTimeKind.Utc), second.ScheduleStatus?.Next);
        Assert.Equal(second.ScheduleStatus?.Last, second.ScheduleStatus?.LastUpdated);
    }

    [Fact]
    public async Task AFunctionThatRunsOnStartupDoesSoBeforeItsFirstTick()
    {
        await using var host = await StartAsync(typeof(OnStartup));

        await host.Probe.NextAsync<TimerInfo>();

        Assert.Equal(TimeSpan.FromSeconds(55), await _time.NextWaitAsync());
    }

    [Fact]
    public async Task WhoDoesNotGetTheLeaseDoesNotRun()
    {
        var lease = new InProcessTimerLease();
        await using var host = await StartAsync(typeof(Every15), configure: services => services.AddSingleton<ITimerLease>(lease));
        var elsewhere = await lease.TryAcquireAsync("Every15", TestContext.Current.CancellationToken);

        await TickAsync(TimeSpan.FromSeconds(10));
        var next = await _time.NextWaitAsync();
        Assert.True(host.Probe.SawNothing);

        await elsewhere!.DisposeAsync();
        _time.Advance(next);
        await host.Probe.NextAsync<TimerInfo>();
    }

    [Fact]
    public async Task StoppingTheHostCancelsARunAndWaitsForIt()
    {
        var host = await StartAsync(typeof(UntilCanceled));
        await TickAsync(TimeSpan.FromSeconds(10));
        await host.Probe.NextAsync<string>();

        await host.DisposeAsync();

        Assert.Equal("canceled", await host.Probe.NextAsync<string>());
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task AScheduleThatRefersToAMissingSettingIsAStartFailure()
    {
        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => StartAsync(typeof(Sweep)));

        Assert.Equal(
            "Function 'Sweep' refers to the setting 'Presence:SweepSchedule', which is not set; "
            + "set it in the environment as 'Presence__SweepSchedule'.",
            failure.Message);
    }

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("every minute")]
    [InlineData("61 * * * * *")]
    public async Task AnInvalidScheduleIsAStartFailure(string schedule)
    {
        var failure = await Assert.ThrowsAsync<LocalHostStartException>(
            () => StartAsync(typeof(Sweep), ("Presence:SweepSchedule", schedule)));

        Assert.StartsWith($"Function 'Sweep' has the schedule '{schedule}'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 * * * * *", true)]
    [InlineData("*/15 * * * * *", false)]
    [InlineData("0,30 * * * * *", false)]
    [InlineData("*/15 0 * * * *", true)]
    [InlineData("0 */5 * * * *", true)]
    public void SchedulesOfLessThanAMinuteAreNotMonitored(string expression, bool isMonitored) =>
        Assert.Equal(isMonitored, TimerSchedule.Parse("any", expression).IsMonitored(Start.UtcDateTime));

    private Task<FunctionsHost> StartAsync(Type functions, params (string Name, string Value)[] settings) =>
        StartAsync(functions, null, settings);

    private Task<FunctionsHost> StartAsync(
        Type functions, Action<IServiceCollection>? configure, params (string Name, string Value)[] settings) =>
        FunctionsHost.StartAsync(
            [functions],
            settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value),
            configure: services =>
            {
                services.AddSingleton<TimeProvider>(_time);
                configure?.Invoke(services);
            });

    private async Task TickAsync(TimeSpan expected)
    {
        Assert.Equal(expected, await _time.NextWaitAsync());
        _time.Advance(expected);
    }

    // Whoever waits again has sent everything.
    private async Task<IEnumerable<string>> AllSentAsync(FunctionsHost host, TimeSpan expectedWait)
    {
        Assert.Equal(expectedWait, await _time.NextWaitAsync());
        return host.SignalR.Sent;
    }

    public sealed class Sweep(Probe probe)
    {
        [Function("Sweep"), SignalROutput(HubName = "chat")]
        public SignalRMessageAction[] Run([TimerTrigger("%Presence:SweepSchedule%")] TimerInfo timer)
        {
            probe.Saw(timer);
            return [new SignalRMessageAction("swept")];
        }
    }

    public sealed class Every15(Probe probe)
    {
        [Function("Every15")]
        public void Run([TimerTrigger("*/15 * * * * *")] TimerInfo timer) => probe.Saw(timer);
    }

    public sealed class Fails(Probe probe)
    {
        [Function("Fails")]
        public async Task Run([TimerTrigger("*/15 * * * * *")] TimerInfo timer)
        {
            await Task.Yield();
            probe.Saw(timer);
            throw new InvalidOperationException("a bad day");
        }
    }

    public sealed class Slow(Probe probe)
    {
        [Function("Slow")]
        public async Task Run([TimerTrigger("*/15 * * * * *")] TimerInfo timer)
        {
            var end = new TaskCompletionSource(timer);
            probe.Saw(end);
            await end.Task;
        }
    }

    public sealed class Monitored(Probe probe)
    {
        [Function("Monitored")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => probe.Saw(timer);
    }

    public sealed class OnStartup(Probe probe)
    {
        [Function("OnStartup")]
        public void Run([TimerTrigger("0 * * * * *", RunOnStartup = true)] TimerInfo timer) => probe.Saw(timer);
    }

    public sealed class UntilCanceled(Probe probe)
    {
        [Function("UntilCanceled")]
        public async Task Run([TimerTrigger("*/15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        {
            probe.Saw("runs");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Assert.NotNull(timer);
                probe.Saw("canceled");
                throw;
            }
        }
    }
}
