using System.Text.Json;
using System.Threading.Channels;
using Presence.Client.Model;

namespace Presence.Client.Following;

/// <summary>A connection to the SignalR service.</summary>
internal interface IPresenceLink : IAsyncDisposable
{
    /// <summary>Its id, once it is open.</summary>
    string ConnectionId { get; }

    /// <summary>What it hears, in turn; completed when it closes.</summary>
    ChannelReader<LinkMessage> Messages { get; }

    /// <summary>Opens it.</summary>
    Task OpenAsync(CancellationToken cancellationToken);
}

/// <summary>A message: its target, and its argument.</summary>
internal readonly record struct LinkMessage(string Target, JsonElement Argument);

/// <summary>Makes connections by what negotiating has granted.</summary>
internal delegate IPresenceLink LinkFactory(ConnectionGrant grant);
