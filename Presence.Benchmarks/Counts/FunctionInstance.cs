using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Presence.Benchmarks.Clients;
using Presence.Core;
using Presence.Core.Delivery;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Throttle;
using Presence.Functions;
using Presence.LocalHost.Development;

namespace Presence.Benchmarks.Counts;

/// <summary>
/// One function instance without a web server around it, over a real table and by a clock that its owner moves. Calls enter where the host
/// would let them in, with headers and answers. What a host does by itself it does only when it is told to.
/// </summary>
internal sealed class FunctionInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ActivityFunctions _functions;

    private FunctionInstance(ServiceProvider services)
    {
        _services = services;
        _functions = ActivatorUtilities.CreateInstance<ActivityFunctions>(services);
    }

    public StorageRequests Requests => StorageRequests.Of(Get<PresenceMetrics>().Totals);

    public static FunctionInstance Create(string storage, string table, TimeProvider time, Action<PresenceOptions>? change = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", storage)]).Build();
        var realtime = new SilentService();
        return new(new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(time)
            .AddMetrics()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddPresence(configuration)
            .AddPresenceFunctions()
            .AddSingleton<IRealtimeService>(realtime)

            // Without a pause between messages: nobody moves the clock while they wait.
            .AddSingleton(provider => new HubMessages(
                realtime, provider.GetRequiredService<ServiceGate>(), provider.GetRequiredService<PresenceMetrics>(), time, TimeSpan.Zero))
            .Configure<PresenceOptions>(options =>
            {
                options.TableName = table;
                options.Authentication.SigningKey = DevelopmentCredentials.SigningKey;
                options.Authentication.Audience = DevelopmentCredentials.Audience;
                change?.Invoke(options);
            })
            .BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A call of <c>POST /api/activity</c>.</summary>
    /// <param name="bearer">Who calls.</param>
    /// <param name="presenceToken">What the last call was answered; null sends none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What this one is answered, for the next; null if nothing.</returns>
    public async Task<string?> CallAsync(string bearer, string? presenceToken, CancellationToken cancellationToken)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = "/api/activity";
        context.Request.Headers.Authorization = $"Bearer {bearer}";
        if (presenceToken is not null)
        {
            context.Request.Headers[PresenceToken.Header] = presenceToken;
        }

        var output = await _functions.RecordActivity(context.Request, cancellationToken);
        await output.Response.ExecuteAsync(context);
        return context.Response.StatusCode == StatusCodes.Status200OK
            ? context.Response.Headers[PresenceToken.Header].FirstOrDefault()
            : throw new InvalidOperationException($"A call was answered {context.Response.StatusCode}.");
    }

    /// <summary>What a host does each second: it records what windows held back of those who have gone quiet.</summary>
    public Task WriteHeldAsync(CancellationToken cancellationToken) => Get<HeldActivityWriter>().WriteAsync(all: false, cancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
