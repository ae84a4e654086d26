using Microsoft.Extensions.Time.Testing;
using Presence.Core.Health;

namespace Presence.Tests.Core.Health;

public class ReadinessTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task HoweverManyAskADependencyIsAskedOnceInAMoment()
    {
        var storage = new Dependency("storage", _ => Task.CompletedTask);
        var readiness = new Readiness([storage], _time);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AskAsync(readiness)));
        _time.Advance(Readiness.GoodFor - TimeSpan.FromMilliseconds(1));
        await AskAsync(readiness);
        Assert.Equal(1, storage.Asked);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await AskAsync(readiness);
        Assert.Equal(2, storage.Asked);
    }

    [Fact]
    public async Task EachIsToldForItself()
    {
        var readiness = new Readiness(
            [new Dependency("storage", _ => throw new InvalidOperationException("Not here.")), new Dependency("signalr", _ => Task.CompletedTask)], _time);

        Assert.Equal(new Dictionary<string, bool> { ["storage"] = false, ["signalr"] = true }, await AskAsync(readiness));
    }

    [Fact]
    public async Task WhatDoesNotAnswerInTimeIsAwayWhetherItMindsTheLimitOrNot()
    {
        var never = new TaskCompletionSource();
        var readiness = new Readiness(
            [new Dependency("storage", _ => never.Task), new Dependency("signalr", token => Task.Delay(Timeout.Infinite, token))], _time);

        var answer = await _time.RunAsync(AskAsync(readiness), TimeSpan.FromSeconds(1));

        Assert.Equal(new Dictionary<string, bool> { ["storage"] = false, ["signalr"] = false }, answer);
    }

    [Fact]
    public async Task WhoGivesUpTakesNothingFromTheOthers()
    {
        var answers = new TaskCompletionSource();
        var readiness = new Readiness([new Dependency("storage", _ => answers.Task)], _time);
        using var stop = new CancellationTokenSource();

        var (impatient, patient) = (readiness.AskAsync(stop.Token), AskAsync(readiness));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        answers.SetResult();

        Assert.True((await patient)["storage"]);
    }

    private static Task<IReadOnlyDictionary<string, bool>> AskAsync(Readiness readiness) => readiness.AskAsync(TestContext.Current.CancellationToken);

    private sealed class Dependency(string name, Func<CancellationToken, Task> ask) : IDependency
    {
        private int _asked;

        public int Asked => _asked;

        public string Name => name;

        public Task AskAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return ask(cancellationToken);
        }
    }
}
