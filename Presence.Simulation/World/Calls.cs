using Presence.Simulation.Instances;
using Presence.Simulation.Operations;

namespace Presence.Simulation.World;

/// <summary>Requests on their way from outside to some instance.</summary>
internal sealed class Calls(Surroundings world, Fleet fleet)
{
    /// <summary>Makes a call, and waits for its answer.</summary>
    /// <param name="kind">What for.</param>
    /// <param name="user">Who calls, or about whom.</param>
    /// <param name="begin">What else there is to say, when an instance begins with it.</param>
    /// <param name="work">What the instance does.</param>
    public async Task<Operation> MakeAsync(
        OperationKind kind, User? user, Func<Request, Operation>? begin, Func<Instance, Operation, Task> work)
    {
        await world.Time.DelayAsync(world.Chance.Span(0.001, 0.05));
        var instance = await SomeAsync();
        begin ??= request => request.ToOperation();
        return await fleet.AskAsync(
            instance,
            number => begin(new(number, kind, instance.Life, user, world.Time.Now)),
            work);
    }

    private async Task<Instance> SomeAsync()
    {
        while (true)
        {
            if (fleet.Open.ToList() is { Count: > 0 } open && await IsAwakeAsync(world.Chance.Pick(open)) is { } instance)
            {
                return instance;
            }

            await world.Time.DelayAsync(TimeSpan.FromSeconds(0.2));
        }
    }

    /// <summary>The instance, once it is not frozen; null if it was stopped meanwhile.</summary>
    private async Task<Instance?> IsAwakeAsync(Instance instance)
    {
        while (instance.IsOpen && instance.Life.Clock.IsFrozen)
        {
            await world.Time.DelayAsync(TimeSpan.FromSeconds(0.2));
        }

        return instance.IsOpen ? instance : null;
    }
}

/// <summary>A request as it reaches an instance.</summary>
internal sealed record Request(int Number, OperationKind Kind, InstanceLife Instance, User? User, TimeSpan At)
{
    /// <summary>The operation, with nothing further to say.</summary>
    public Operation ToOperation() => new(Number, Kind, Instance, User, At) { BeganAt = Instance.Clock.GetUtcNow(), Credentials = User?.Credentials };
}
