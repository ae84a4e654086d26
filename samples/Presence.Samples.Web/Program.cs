using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using Presence.Client;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthorization();
builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
{
    // The key under which the local host trusts tokens, and makes them at /dev/token?user=alice. No secret.
    options.MapInboundClaims = false;
    options.TokenValidationParameters = new()
    {
        ValidAudience = "presence",
        ValidateIssuer = false,
        IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes("a-key-for-development-only-change-it-anywhere-else")),
    };
});
builder.Services.AddPresence();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.UsePresence();
app.MapHealthChecks("/health");

// Whoever calls is online by that alone; and sees others as Presence lets it.
app.MapGet("/hello", (HttpContext context) => $"Hello, {context.User.FindFirst("sub")?.Value}.").RequireAuthorization();
app.MapGet("/who/{userId}", async (string userId, HttpContext context, IPresenceClient presence, CancellationToken cancellationToken) =>
{
    var token = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
    var user = await presence.GetPresenceAsync(userId, PresenceCaller.PassivelyBy(PresenceCredentials.Bearer(token)), cancellationToken);
    return $"{user.UserId} is {user.Status}.";
}).RequireAuthorization();
app.Run();
