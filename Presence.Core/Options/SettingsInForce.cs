using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;

namespace Presence.Core.Options;

/// <summary>
/// The settings in force: those configured, at the step of economy that the budget asks for. Whoever keeps <see cref="Value"/> keeps those of
/// one step; what depends on the throttle window asks each time.
/// </summary>
public sealed class SettingsInForce : IOptions<PresenceOptions>
{
    private readonly ImmutableArray<PresenceOptions> _steps;
    private volatile PresenceOptions _value;

    /// <summary>Creates them as configured.</summary>
    public SettingsInForce(PresenceOptions configured)
    {
        _steps = [.. Enum.GetValues<Economy>().Select(configured.At)];
        _value = configured;
    }

    /// <summary>The settings at this moment.</summary>
    public PresenceOptions Value => _value;

    /// <summary>From now on the settings are those of the step given. True if they were of another.</summary>
    public bool Take(Economy economy)
    {
        var before = _value.StepOfEconomy;
        _value = _steps[(int)economy];
        return before != economy;
    }
}
