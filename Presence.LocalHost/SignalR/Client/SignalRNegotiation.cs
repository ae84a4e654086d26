namespace Presence.LocalHost.SignalR;

/// <summary>What an application's negotiate endpoint answers to redirect a client to the service.</summary>
internal sealed record SignalRNegotiation(string Url, string AccessToken);
