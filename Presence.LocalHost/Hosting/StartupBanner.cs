using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Hosting;

/// <summary>Tells what runs where, and how to see presence work.</summary>
internal static class StartupBanner
{
    public static string Of(PresenceLocalHost host)
    {
        var root = host.BaseAddress.GetLeftPart(UriPartial.Authority);
        return $"""

            Presence runs on this machine.

              page       {root}/
              functions  {root} ({Counts(host.Functions)})
              storage    {Storage(host)}
              SignalR    {SignalR(host)}

            To see it work, open the page, or paste these one after the other:

              TOKEN=$(curl -s '{root}/dev/token?user=alice')
              curl -s -X POST -H "Authorization: Bearer $TOKEN" {root}/api/activity
              curl -s -H "Authorization: Bearer $TOKEN" {root}/api/presence/alice

            Ctrl+C stops it.

            """;
    }

    private static string Counts(IReadOnlyList<FunctionDefinition> functions) =>
        $"{functions.Count(function => function.Trigger is HttpFunctionTrigger)} routes, "
        + $"{functions.Count(function => function.Trigger is TimerFunctionTrigger)} timers, "
        + $"{functions.Count(function => function.Trigger is SignalRFunctionTrigger)} SignalR events";

    // Only the emulators' own connection strings are shown: their keys are no secrets.
    private static string Storage(PresenceLocalHost host) => host.Azurite is { } azurite
        ? $"{azurite.TableEndpoint} (Azurite)\n             {SettingNames.StorageConnectionString}=\"{azurite.ConnectionString}\""
        : $"as {SettingNames.StorageConnectionString} says";

    private static string SignalR(PresenceLocalHost host) => host switch
    {
        { HasSignalREmulator: true } => $"emulator\n             {SettingNames.SignalRConnectionString}=\"{host.SignalRConnectionString}\"",
        { SignalRConnectionString: { Length: > 0 } } => $"as {SettingNames.SignalRConnectionString} says",
        _ => "none",
    };
}
