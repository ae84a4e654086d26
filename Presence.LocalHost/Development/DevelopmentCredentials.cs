using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Sessions;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Development;

/// <summary>
/// Credentials for trying things out, as plain text: <c>GET /dev/token?user=alice</c>, <c>GET /dev/session?name=guest</c>. These routes
/// exist only in the local host.
/// </summary>
internal static class DevelopmentCredentials
{
    /// <summary>The key under which the local host trusts tokens unless the settings say otherwise. No secret.</summary>
    public const string SigningKey = "a-key-for-development-only-change-it-anywhere-else";

    /// <summary>The audience of those tokens.</summary>
    public const string Audience = "presence";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>For programs and pages of this machine: a page from elsewhere cannot even have a session made.</summary>
    public static void Map(IEndpointRouteBuilder development)
    {
        var credentials = development.MapGroup("").AddEndpointFilter((context, next) =>
            ForeignPages.Made(context.HttpContext.Request) ? ValueTask.FromResult<object?>(Results.StatusCode(StatusCodes.Status403Forbidden)) : next(context));
        credentials.MapGet("/token", (string? user, IOptions<PresenceOptions> options, TimeProvider time) =>
            Answer(() => Task.FromResult(Token(PresenceKey.Registered(user, "user"), options.Value.Authentication, time.GetUtcNow()))));
        credentials.MapGet("/session", (string? name, AnonymousSessions sessions, CancellationToken cancellationToken) =>
            Answer(async () => (await sessions.IssueAsync(PresenceKey.Anonymous(name, "name"), lifetime: null, cancellationToken)).Token));
    }

    private static async Task<IResult> Answer(Func<Task<string>> make)
    {
        try
        {
            return Results.Text(await make() + "\n");
        }
        catch (InvalidInputException e)
        {
            return Results.Text(e.Message + "\n", statusCode: StatusCodes.Status400BadRequest);
        }
        catch (StoreUnavailableException e)
        {
            return Results.Text(e.Message + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static string Token(PresenceKey user, AuthenticationOptions options, DateTimeOffset now) =>
        string.IsNullOrEmpty(options.SigningKey)
            ? throw new InvalidInputException("user", "cannot be given a token here: tokens are issued by the configured authority")
            : new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
            {
                Audience = options.Audience,
                Issuer = string.IsNullOrEmpty(options.Issuer) ? null : options.Issuer,
                Claims = new Dictionary<string, object> { [options.UserIdClaim] = user.Id },
                IssuedAt = now.UtcDateTime,
                Expires = (now + Lifetime).UtcDateTime,
                SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(options.SigningKey)), SecurityAlgorithms.HmacSha256),
            });
}
