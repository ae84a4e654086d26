using Microsoft.Extensions.DependencyInjection;
using Presence.LocalHost.SignalR;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>What a local host is built of; what is null it gets of its own.</summary>
internal sealed record LocalParts
{
    /// <summary>The storage account; null is the Azurite that all tests share.</summary>
    public string? Storage { get; init; }

    /// <summary>The SignalR Service; null starts an emulator.</summary>
    public string? SignalR { get; init; }

    /// <summary>The table; null is a new one.</summary>
    public string? Table { get; init; }

    /// <summary>Settings beside those of the section <c>Presence</c>, by their whole names.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public SignalREmulatorOptions Emulator { get; init; } = new();

    /// <summary>A last say over the services of the host.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>The parts with which another instance of the same system is started.</summary>
    public static LocalParts SharedWith(PresenceSystem first) => new()
    {
        Storage = first.Host.StorageConnectionString,
        SignalR = first.Host.SignalRConnectionString,
        Table = first.Table,
    };
}
