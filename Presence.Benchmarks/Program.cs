using Presence.Benchmarks.Counts;
using Presence.LocalHost.Azurite;
using Microsoft.Extensions.Logging.Abstractions;
await using var az = await AzuriteServer.StartAsync(new() { Port = 0 }, NullLogger<AzuriteServer>.Instance, default);
foreach (var p in new[] { Pattern.Steady, Pattern.Burst })
foreach (var k in new[] { 1, 2, 4, 8 })
{
    var t = TimeProvider.System.GetTimestamp();
    Console.WriteLine($"{p} {k} {await ActiveUsers.CountAsync(az.ConnectionString, p, k, 5, 6, true, null, default)} {TimeProvider.System.GetElapsedTime(t)}");
}
