using Microsoft.Extensions.Time.Testing;

namespace Presence.Tests.Core.Delivery;

/// <summary>
/// One run of operations on one user at instances of their own, step by step: each stops before every request to storage and every call of
/// the service, and goes on when it is chosen to. A schedule is what was chosen. All schedules are run in which operations are interrupted at
/// most so often: few interruptions find what many do (Musuvathi and Qadeer, "Iterative Context Bounding", 2007).
/// </summary>
internal sealed class Interleavings
{
    private readonly AsyncLocal<int?> _operation = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Queue<TaskCompletionSource>> _waiting = [];
    private readonly List<Task> _running = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Interleavings()
    {
        Store.OnLoad = _ => StopAsync();
        Store.OnCommit = _ => StopAsync();
        Store.OnWriteRoster = (_, _) => StopAsync();
        Store.OnScan = _ => StopAsync();

        // What is told to groups is told beside what else is done, and changes nothing.
        Realtime.OnCall = what => what.StartsWith("send conversation:", StringComparison.Ordinal) ? Task.CompletedTask : StopAsync();
    }

    public FakeTimeProvider Clock { get; } = Some.Clock();

    public InMemoryPresenceStore Store { get; } = new();

    public FakeRealtimeService Realtime { get; } = new();

    /// <summary>Runs all schedules.</summary>
    /// <param name="before">What has happened before.</param>
    /// <param name="operations">What happens at once.</param>
    /// <param name="check">Holds after all of them.</param>
    /// <param name="interruptions">How often an operation that could go on gives way to another.</param>
    /// <param name="most">Where it ends even if there are more schedules.</param>
    /// <returns>How many schedules were run.</returns>
    public static async Task<int> ExploreAsync(
        Func<Interleavings, Task> before, IReadOnlyList<Func<Instance, Task>> operations, Func<Interleavings, string, Task> check, int interruptions, int most)
    {
        var next = new List<int>();
        for (var runs = 1; ; runs++)
        {
            var run = new Interleavings();
            var steps = await run.RunAsync(before, operations, next, interruptions);
            await check(run, $"schedule {string.Join("", steps.Select(s => s.Taken))}");

            // Depth first: the last step that can be another one becomes the next of its choices.
            var last = steps.FindLastIndex(s => s.Taken != s.Choices[^1]);
            if (last < 0 || runs == most)
            {
                return runs;
            }

            next = [.. steps[..last].Select(s => s.Taken), steps[last].Choices[steps[last].Choices.IndexOf(steps[last].Taken) + 1]];
        }
    }

    public Instance Create() => Instance.OverMemory(Store, Clock, realtime: Realtime);

    /// <summary>Takes the steps given, then goes on with whatever was going on.</summary>
    private async Task<List<(int Taken, List<int> Choices)>> RunAsync(
        Func<Interleavings, Task> before, IReadOnlyList<Func<Instance, Task>> operations, List<int> given, int interruptions)
    {
        await before(this);
        for (var i = 0; i < operations.Count; i++)
        {
            _running.Add(StartAsync(i, operations[i]));
        }

        var steps = new List<(int Taken, List<int> Choices)>();
        var (current, left) = (-1, interruptions);
        while (await StoppedAsync() is { Count: > 0 } stopped)
        {
            List<int> choices = !stopped.Contains(current) ? stopped : left > 0 ? [current, .. stopped.Where(s => s != current)] : [current];
            var taken = steps.Count < given.Count && choices.Contains(given[steps.Count]) ? given[steps.Count] : choices[0];
            left -= taken != current && stopped.Contains(current) ? 1 : 0;
            current = taken;
            steps.Add((taken, choices));
            Go(taken);
        }

        await Task.WhenAll(_running);
        return steps;
    }

    private async Task StartAsync(int operation, Func<Instance, Task> run)
    {
        await using var instance = Create();
        _operation.Value = operation;
        await StopAsync();
        await run(instance);
    }

    /// <summary>Those that can go on, once all that have not ended have stopped.</summary>
    private async Task<List<int>> StoppedAsync()
    {
        while (true)
        {
            List<Task> going;
            lock (_lock)
            {
                going = [.. _running.Where((task, i) => !task.IsCompleted && !_waiting.ContainsKey(i))];
                if (going.Count == 0)
                {
                    return [.. _waiting.Keys];
                }

                going.Add(_changed.Task);
            }

            await Task.WhenAny(going);
        }
    }

    private Task StopAsync()
    {
        if (_operation.Value is not { } operation)
        {
            return Task.CompletedTask;
        }

        var goes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_waiting.TryGetValue(operation, out var waiting))
            {
                _waiting[operation] = waiting = new();
            }

            waiting.Enqueue(goes);
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return goes.Task;
    }

    private void Go(int operation)
    {
        TaskCompletionSource goes;
        lock (_lock)
        {
            goes = _waiting[operation].Dequeue();
            if (_waiting[operation].Count == 0)
            {
                _waiting.Remove(operation);
            }
        }

        goes.SetResult();
    }
}
