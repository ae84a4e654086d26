using System.Runtime.InteropServices;
using Presence.Chaos;
using Presence.LocalHost.Hosting;

using var stop = new CancellationTokenSource();
PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
var registrations = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, context =>
{
    // However often: what was started is stopped first.
    context.Cancel = true;
    stop.Cancel();
}));
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
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 2;
}
finally
{
    Array.ForEach(registrations, registration => registration.Dispose());
}
