using Presence.LocalHost.Azurite;

namespace Presence.LocalHost.Hosting;

/// <summary>What a host has started for its functions; null is what its settings name elsewhere.</summary>
internal sealed record LocalServices(AzuriteServer? Storage, ISignalREmulator? SignalR);
