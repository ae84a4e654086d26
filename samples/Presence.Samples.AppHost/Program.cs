var builder = DistributedApplication.CreateBuilder(args);

var presence = builder.AddPresence("presence").WithSetting("OfflineAfter", "00:02:00").WithSetting("AwayAfter", "00:02:00");

builder.AddProject<Projects.Presence_Samples_Web>("web")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(presence)
    .WaitFor(presence);

builder.Build().Run();
