namespace Presence.Benchmarks.Clients;

/// <summary>What a call may be answered beside its status, for the client to send back with its next one.</summary>
internal static class PresenceToken
{
    public const string Header = "Presence-Token";
}
