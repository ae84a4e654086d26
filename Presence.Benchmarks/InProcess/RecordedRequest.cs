using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Presence.Benchmarks.InProcess;

/// <summary>
/// What <c>app.UsePresence()</c> adds to a request of an authenticated user whose window is open: the pipeline with it, beside the same one without,
/// and beside one that does the least there is to do: finds the claim, and the user's entry in a dictionary. Each user's requests have a principal of their own, with
/// claims as a token has them.
/// </summary>
[Config(typeof(SideBySide))]
public class RecordedRequest
{
    private const int Requests = 200_000;

    private ServiceProvider _services = null!;
    private RequestDelegate _with = null!;
    private RequestDelegate _without = null!;
    private RequestDelegate _least = null!;
    private HttpContext[] _requests = null!;

    /// <summary>How many users have a window.</summary>
    [Params(1_000, 100_000)]
    public int Users { get; set; }

    /// <summary>Opens a window for each user.</summary>
    [GlobalSetup]
    public void Open()
    {
        _services = new ServiceCollection().AddLogging()
            .AddPresence(options => (options.BaseAddress, options.Window, options.QueueCapacity) = (new("http://127.0.0.1:9"), TimeSpan.FromMinutes(30), 1_000_000))
            .BuildServiceProvider();
        (_with, _without) = (Pipeline(app => app.UsePresence()), Pipeline(_ => { }));
        var windows = new ConcurrentDictionary<string, long>(Hosts.Keys(Users).Select(user => KeyValuePair.Create(user.Id, Stopwatch.GetTimestamp())));
        _least = Pipeline(app => app.Use(next => context =>
            context.User.FindFirst("sub") is { } id && windows.TryGetValue(id.Value, out var opened) && Stopwatch.GetElapsedTime(opened) < TimeSpan.FromMinutes(30)
                ? next(context) : throw new InvalidOperationException("Every user has a window.")));
        _requests = [.. Hosts.Keys(Users).Select(user => RequestOf(user.Id))];
        foreach (var request in _requests)
        {
            _with(request);
        }

        Random.Shared.Shuffle(_requests);
    }

    /// <summary>Ends it all.</summary>
    [GlobalCleanup]
    public void Close() => _services.Dispose();

    /// <summary>The pipeline alone.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public void EmptyPipeline() => Serve(_without);

    /// <summary>The pipeline with a claim and a look-up.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public void ClaimAndDictionary() => Serve(_least);

    /// <summary>The pipeline with the middleware.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public void UsePresence() => Serve(_with);

    private void Serve(RequestDelegate pipeline)
    {
        for (var i = 0; i < Requests; i++)
        {
            pipeline(_requests[i % _requests.Length]);
        }
    }

    private RequestDelegate Pipeline(Action<IApplicationBuilder> use)
    {
        var app = new ApplicationBuilder(_services);
        use(app);
        app.Run(_ => Task.CompletedTask);
        return app.Build();
    }

    private static DefaultHttpContext RequestOf(string userId) => new()
    {
        User = new(new ClaimsIdentity([new("iss", "https://login.example.com"), new("aud", "app"), new("sub", userId), new("name", "Somebody")], "Bearer")),
    };
}
