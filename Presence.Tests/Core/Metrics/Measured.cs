using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core.Metrics;

namespace Presence.Tests.Core.Metrics;

/// <summary>The metrics of an instance without an instance.</summary>
internal sealed class Measured : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<PresenceMetrics>().BuildServiceProvider();

    public PresenceMetrics Metrics => _services.GetRequiredService<PresenceMetrics>();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public void Dispose() => _services.Dispose();
}
