using Presence.Simulation.Running;

SimulationArguments arguments;
try
{
    arguments = SimulationArguments.Parse(args);
}
catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

return arguments is { Replay: null, Processes: > 1 }
    ? await Processes.RunAsync(arguments)
    : await Task.Run(() => arguments.Replay is { } seed ? Replaying.RunAsync(seed) : Runs.RunAsync(arguments));
