using Presence.Chaos;
using Presence.LocalHost.Hosting;

using var stop = new StopSignals();
try
{
    var report = await new ChaosRun(ChaosArguments.Parse(args, Random.Shared.Next()), Console.Out).RunAsync(stop.Token);
    Console.WriteLine(report);
    return report.IsGood ? 0 : 1;
}
catch (Exception failure) when (failure is ArgumentException or LocalHostStartException or TimeoutException)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
{
    return 2;
}
