namespace Presence.LocalHost.SignalR;

/// <summary>How a <see cref="SignalREmulator"/> runs.</summary>
internal sealed record SignalREmulatorOptions
{
    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>At least 32 characters without a semicolon; null makes a random one for this start.</summary>
    public string? AccessKey { get; init; }

    /// <summary>
    /// Where events are posted, with {hub}, {category} and {event} filled in; can be set after the start at
    /// <see cref="SignalREmulator.UpstreamUrl"/>. Null: events are not wanted.
    /// </summary>
    public string? UpstreamUrl { get; init; }

    /// <summary>
    /// Pauses between attempts to deliver an event; after the last one it is dropped. None by default: the service documents no second
    /// attempt, so whoever receives events must not count on one.
    /// </summary>
    public IReadOnlyList<TimeSpan> UpstreamRetryDelays { get; init; } = [];

    /// <summary>How long one attempt to deliver an event may take.</summary>
    public TimeSpan UpstreamTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A client that has been silent for so long is disconnected.</summary>
    public TimeSpan ClientTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client that was told to close may take before it is cut off.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The origins whose pages may connect.</summary>
    public Func<string, bool> AllowsPagesOf { get; init; } = origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// For tests: asked before each REST call and each upstream event what goes wrong with it; null for those that go well. Must be safe
    /// to call from several threads.
    /// </summary>
    public Func<EmulatedCall, EmulatedFault?>? Faults { get; init; }

    /// <summary>What goes wrong with this one.</summary>
    public EmulatedFault FaultOf(EmulatedCall call) => Faults?.Invoke(call) ?? EmulatedFault.None;
}
