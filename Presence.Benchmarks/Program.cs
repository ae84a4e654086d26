using System.Runtime.InteropServices;
using Presence.Benchmarks.Counts;
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
    return args switch
    {
        [CountsCommand.Name, .. var rest] => await CountsCommand.RunAsync(rest, stop.Token),
        _ => throw new ArgumentException("unknown"),
    };
}
catch (Exception failure) when (failure is ArgumentException or LocalHostStartException or TimeoutException or InvalidDataException)
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
