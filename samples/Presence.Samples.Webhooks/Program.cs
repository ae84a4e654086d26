using System.Text.Json;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

// The secret that POST /api/webhooks has answered: WEBHOOK_SECRET=whsec_… dotnet run
var builder = WebApplication.CreateBuilder(args);
var webhook = new StandardWebhook(builder.Configuration["WEBHOOK_SECRET"] ?? throw new InvalidOperationException("WEBHOOK_SECRET is not set."));
var versions = new Dictionary<string, long>();

var app = builder.Build();
app.MapPost("/presence", async (HttpRequest request, CancellationToken cancellationToken) =>
{
    // As it came: what was parsed and written anew has another signature.
    using var reader = new StreamReader(request.Body);
    var body = await reader.ReadToEndAsync(cancellationToken);
    if (!IsGenuine(request.Headers, body))
    {
        return Results.Unauthorized();
    }

    using var batch = JsonDocument.Parse(body);
    foreach (var told in batch.RootElement.EnumerateArray())
    {
        Deal(told.GetProperty("type").GetString()!, told.GetProperty("data"));
    }

    return Results.Ok();
});
app.Run();

// While a secret is exchanged there are two signatures, and the library passes the last of several by: each is tried for itself.
bool IsGenuine(IHeaderDictionary headers, string body) => headers["webhook-signature"].ToString().Split(' ').Any(signature =>
{
    try
    {
        webhook.Verify(body, new HeaderDictionary(headers.ToDictionary()) { ["webhook-signature"] = signature });
        return true;
    }
    catch (WebhookVerificationException)
    {
        return false;
    }
});

// At least once: what is no newer than what is known was told before. Yours keeps the version where it keeps the rest.
void Deal(string type, JsonElement user)
{
    var (id, version) = (user.GetProperty("userId").GetString()!, user.GetProperty("version").GetInt64());
    lock (versions)
    {
        if (versions.GetValueOrDefault(id) >= version)
        {
            return;
        }

        versions[id] = version;
        Console.WriteLine(type == "presence.erased" ? $"{id} is erased." : $"{id} is {user.GetProperty("status").GetString()}.");
    }
}
