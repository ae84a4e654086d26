using Presence.Benchmarks;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Forecasts;
using Presence.Benchmarks.Http;
using Presence.Benchmarks.Load;
using Presence.Chaos;
using Presence.LocalHost.Hosting;

using var stop = new StopSignals();
try
{
    return args switch
    {
        [CountsCommand.Name, .. var rest] => await CountsCommand.RunAsync(rest, stop.Token),
        [ForecastCommand.Name, .. var rest] => await ForecastCommand.RunAsync(rest, stop.Token),
        [LoadCommand.Name, .. var rest] => await LoadCommand.RunAsync(rest, stop.Token),
        [ServerCommand.Name, .. var rest] => await ServerCommand.RunAsync(rest, stop.Token),
        _ => await FullCommand.RunAsync(args, stop.Token),
    };
}
catch (Exception) when (stop.Token.IsCancellationRequested)
{
    // Whatever fails when it is told to end fails because of that.
    return 2;
}
catch (Exception failure) when (failure
    is ArgumentException or LocalHostStartException or TimeoutException or InvalidDataException or HttpRequestException)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
