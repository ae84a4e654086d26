using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Presence.AspNetCore;

/// <summary>Whether Presence is told. The application works without it, so that it is degraded at worst.</summary>
internal sealed class PresenceHealthCheck(ActivitySender sender, ActivityQueue queue, ActivityMetrics metrics) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object> { ["waiting"] = queue.Count, ["dropped"] = metrics.Dropped };
        return Task.FromResult(sender.LastFailure is { } failure
            ? HealthCheckResult.Degraded("Presence cannot be told of activity; it is kept, as far as there is room.", failure, data)
            : HealthCheckResult.Healthy(data: data));
    }
}
