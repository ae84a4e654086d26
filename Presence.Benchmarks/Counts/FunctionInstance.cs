using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Presence.Benchmarks.Clients;
using Presence.Core;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Throttle;
using Presence.Functions;
using Presence.Functions.Http;
using Presence.LocalHost.Development;

namespace Presence.Benchmarks.Counts;

/// <summary>
/// One function instance without a web server around it, over a real table and by a clock that its owner moves. Calls enter where the host
/// would let them in, with headers and answers. What a host does by itself it does only when it is told to.
/// </summary>
internal sealed class FunctionInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ActivityFunctions _activity;
    private readonly NegotiateFunctions _negotiation;
    private readonly ConnectionFunctions _connections;

    private FunctionInstance(ServiceProvider services)
    {
        _services = services;
        _activity = ActivatorUtilities.CreateInstance<ActivityFunctions>(services);
        _negotiation = ActivatorUtilities.CreateInstance<NegotiateFunctions>(services);
        _connections = ActivatorUtilities.CreateInstance<ConnectionFunctions>(services);
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
            .AddSingleton(realtime)
            .AddSingleton<IRealtimeService>(realtime)

            // Without pauses between messages, rosters and crossings out: nobody moves the clock while they wait.
            .AddSingleton(provider => new HubMessages(
                provider.GetRequiredService<Sender>(), provider.GetRequiredService<RestrictedMessages>(), provider.GetRequiredService<PresenceMetrics>(),
                provider.GetRequiredService<IOptions<PresenceOptions>>(), time, TimeSpan.Zero))
            .AddSingleton(new DutyPaces { Welcomes = TimeSpan.Zero })
            .AddSingleton(provider => new RosterReader(
                provider.GetRequiredService<IPresenceStore>(), provider.GetRequiredService<IOptions<PresenceOptions>>(), time, TimeSpan.Zero))
            .AddSingleton(provider => new RosterWriter(
                provider.GetRequiredService<IPresenceStore>(), provider.GetRequiredService<RosterReader>(), time, TimeSpan.Zero))
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
        var context = Request(bearer);
        if (presenceToken is not null)
        {
            context.Request.Headers[PresenceToken.Header] = presenceToken;
        }

        await AnswerAsync(context, await _activity.RecordActivity(context.Request, cancellationToken));
        return context.Response.Headers[PresenceToken.Header].FirstOrDefault();
    }

    /// <summary>A client negotiates, and connects.</summary>
    /// <param name="user">Who.</param>
    /// <param name="bearer">Its credentials.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ConnectAsync(string user, string bearer, CancellationToken cancellationToken)
    {
        var context = Request(bearer);
        await AnswerAsync(context, await _negotiation.Negotiate(context.Request, cancellationToken));
        await _connections.OnConnected(
            new()
            {
                ConnectionId = $"connection-{user}",
                UserId = user,
                Claims = Get<SilentService>().ClaimsOf(PresenceKey.Registered(user)).ToDictionary(c => c.Key, c => new StringValues(c.Value)),
            },
            cancellationToken);
    }

    /// <summary>What a host does each second: it records what windows held back of those who have gone quiet.</summary>
    public Task WriteHeldAsync(CancellationToken cancellationToken) => Get<HeldActivityWriter>().WriteAsync(all: false, cancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private DefaultHttpContext Request(string bearer)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = HttpMethods.Post;
        context.Request.Headers.Authorization = $"Bearer {bearer}";
        return context;
    }

    private static async Task AnswerAsync(DefaultHttpContext context, ApiOutput output)
    {
        await output.Response.ExecuteAsync(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK)
        {
            throw new InvalidOperationException($"A call was answered {context.Response.StatusCode}.");
        }
    }
}
