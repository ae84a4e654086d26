using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;
using Presence.Core;
using Presence.Core.Ports;
using Presence.Functions;
using Presence.Functions.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddPresence(builder.Configuration).AddPresenceFunctions();
builder.Services.AddPresenceTelemetry(builder.Configuration, telemetry => telemetry.UseFunctionsWorkerDefaults());

// The hub takes its connection to the service when it is made; only the functions ask for it, after that connection stands.
// Messages are JSON elements already, which only this serializer of the SDK's two writes as they are.
builder.Services.AddServerlessHub<PresenceHub>(hub => hub.WithOptions(options =>
{
    options.UseJsonObjectSerializer(new JsonObjectSerializer());
    options.HttpClientTimeout = TimeSpan.FromSeconds(10);
}));
builder.Services.AddSingleton<PresenceHub>();
builder.Services.AddSingleton<IRealtimeService>(provider => provider.GetRequiredService<PresenceHub>());
builder.Build().Run();
