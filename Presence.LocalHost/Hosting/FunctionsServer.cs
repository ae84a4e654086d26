using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Presence.Core.Ports;
using Presence.LocalHost.Invocation;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Hosting;

/// <summary>The web server that runs the functions.</summary>
internal sealed class FunctionsServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly WebApplication _application;

    private FunctionsServer(WebApplication application, Uri baseAddress)
    {
        _application = application;
        BaseAddress = baseAddress;
    }

    public Uri BaseAddress { get; }

    public IServiceProvider Services => _application.Services;

    /// <exception cref="LocalHostStartException">The address is taken, or the settings are not valid.</exception>
    public static async Task<FunctionsServer> StartAsync(
        PresenceLocalHostOptions options,
        FunctionCatalog catalog,
        LocalServices services,
        IReadOnlyDictionary<string, string?> settings,
        ILoggerFactory logging,
        CancellationToken cancellationToken)
    {
        var urls = options.Urls ?? ListenAddress.Default;
        Task<FunctionsServer> On(string chosen) =>
            StartAsync(Build(chosen, options, catalog, settings, logging), options, services, cancellationToken);
        try
        {
            // Asked for beforehand: the server would write its own failure to the log, with all of the stack.
            return ListenAddress.IsInUse(urls) ? throw new AddressInUseException(urls) : await On(urls);
        }
        catch (Exception failure) when (options.Urls is null && IsInUse(failure))
        {
            return await On(ListenAddress.AnyPort);
        }
        catch (Exception failure) when (failure is IOException or SocketException or AddressInUseException)
        {
            var reason = IsInUse(failure) ? "the port is in use by another program" : failure.Message.TrimEnd('.');
            throw new LocalHostStartException($"Cannot listen on {urls}: {reason}.", failure);
        }
        catch (OptionsValidationException invalid)
        {
            throw new LocalHostStartException(string.Join(" ", invalid.Failures), invalid);
        }
        catch (Exception unusable) when (unusable is FormatException or InvalidOperationException
            or ShardCountMismatchException or StorageAccountsMismatchException)
        {
            throw new LocalHostStartException($"Cannot start with these settings: {unusable.Message}", unusable);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout, TimeProvider.System);
        await _application.StopAsync(timeout.Token);
        await _application.DisposeAsync();
    }

    private static async Task<FunctionsServer> StartAsync(
        WebApplication application, PresenceLocalHostOptions options, LocalServices services, CancellationToken cancellationToken)
    {
        try
        {
            application.MapFunctions(HostJson.RoutePrefix(options.HostJsonPath));
            options.ConfigureApplication?.Invoke(application, services);
            await application.StartAsync(cancellationToken);
            var server = application.Services.GetRequiredService<IServer>();
            var bound = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
            return new FunctionsServer(application, ListenAddress.Reachable(bound));
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(
        string urls,
        PresenceLocalHostOptions options,
        FunctionCatalog catalog,
        IReadOnlyDictionary<string, string?> settings,
        ILoggerFactory logging)
    {
        // Empty: what the environment says to ASP.NET Core in general (addresses, logging) is not meant for this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddSettings(settings);
        builder.WebHost.UseKestrelCore().UseUrls(urls);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new SharedLogging(logging));

        // Ctrl+C belongs to the program, not to each of the hosts in it.
        builder.Services.RemoveAll<IHostLifetime>();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRouting();
        options.ConfigureServices?.Invoke(builder.Services, builder.Configuration);
        builder.Services.AddFunctions(catalog);
        builder.Services.TryAddSingleton<ISignalROutput, MissingSignalROutput>();
        return builder.Build();
    }

    private static bool IsInUse(Exception failure) =>
        failure is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        || failure.InnerException is { } inner && IsInUse(inner);
}
