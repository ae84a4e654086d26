using Presence.Core.Options;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>
/// Tests of what is heard: the same whether functions send by themselves or their output binding does. A system elsewhere sends as it was
/// set up to, and is asked once.
/// </summary>
public abstract class DeliveryTests(DeliveryMode mode)
{
    /// <summary>A system with default settings, shared by all tests that take any.</summary>
    private protected Task<PresenceSystem> AnyAsync()
    {
        if (mode == DeliveryMode.Hub)
        {
            return Target.AnyAsync();
        }

        Target.SkipElsewhere("needs a way of delivery of its own");
        return SharedParts.BindingSystemAsync();
    }

    /// <summary>A system of the test's own.</summary>
    private protected Task<PresenceSystem> OwnAsync(params (string Name, string Value)[] settings) =>
        Target.OwnAsync(settings: [.. settings, (nameof(PresenceOptions.Delivery), mode.ToString())]);
}
