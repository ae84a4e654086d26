using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Development;

/// <summary>
/// Makes go wrong what goes wrong in the field, to see what the system does about it, for the page of this host: the storage or the SignalR
/// service that it has started is gone for a while, a connection is cut off. Everything ends by itself.
/// </summary>
internal static class Troubles
{
    public static void Map(IEndpointRouteBuilder development, LocalServices services, TimeProvider time)
    {
        var troubles = development.MapGroup("/troubles");
        var storage = new Outage(services.Storage is { } azurite ? azurite.RefuseAsync : null, time);
        var signalR = new Outage(services.SignalR is { } emulator ? (duration, _) => Refuse(emulator, duration) : null, time);
        troubles.MapGet("", () => new { storage = storage.State, signalR = signalR.State });

        var made = troubles.MapGroup("").AddEndpointFilter(DevelopmentRoutes.SameOriginAloneAsync);
        Map(made, "/storage", storage);
        Map(made, "/signalR", signalR);
        made.MapPost("/cut", (string connectionId) =>
            services.SignalR?.Cut(connectionId) == true ? Results.NoContent() : Results.NotFound());
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Outage outage)
    {
        routes.MapPost(path, (CancellationToken cancellationToken) => AnswerAsync(outage, Outage.Longest, cancellationToken));
        routes.MapDelete(path, (CancellationToken cancellationToken) => AnswerAsync(outage, TimeSpan.Zero, cancellationToken));
    }

    private static async Task<IResult> AnswerAsync(Outage outage, TimeSpan duration, CancellationToken cancellationToken) =>
        await outage.LastForAsync(duration, cancellationToken) ? Results.Ok(outage.State) : Results.NotFound();

    private static Task Refuse(ISignalREmulator emulator, TimeSpan duration)
    {
        emulator.Refuse(duration);
        return Task.CompletedTask;
    }
}
