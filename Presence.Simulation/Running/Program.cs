using Presence.Simulation.Running;

var arguments = SimulationArguments.Parse(args);
return await Task.Run(() => arguments.Replay is { } seed ? Replaying.RunAsync(seed) : Runs.RunAsync(arguments));
