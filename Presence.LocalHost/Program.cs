using System.Runtime.InteropServices;
using Presence.LocalHost.Azurite;
using Presence.LocalHost.Hosting;
using var stop = new CancellationTokenSource();
PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
var registrations = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, Stop));
try
{
    var arguments = LocalHostArguments.Parse(args);
    var options = new PresenceLocalHostOptions
    {
        Urls = arguments.Urls,
        Azurite = new AzuriteOptions { DataDirectory = arguments.DataDirectory },
        ConfigureLogging = ConsoleLogging.Configure,
    }.WithPresence();
    await using var host = await PresenceLocalHost.StartAsync(options, stop.Token);
    Console.WriteLine(StartupBanner.Of(host));
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    return 0;
}
catch (LocalHostStartException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 1;
}
finally
{
    Array.ForEach(registrations, registration => registration.Dispose());
}

// The first signal stops in order; a second one, by then no longer caught, at once.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
