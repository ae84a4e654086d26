using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Presence.Client.Http;
using Presence.Client.Model;

namespace Presence.Client.Following;

/// <summary>A connection by the official client. It does not connect again by itself: that takes negotiating anew.</summary>
internal sealed class SignalRLink : IPresenceLink
{
    private static readonly string[] Targets =
    [
        PresenceMessages.Snapshot, PresenceMessages.Status, PresenceMessages.StatusBatch, PresenceMessages.Counts, PresenceMessages.Mode, PresenceMessages.Left,
    ];

    private readonly Channel<LinkMessage> _messages = Channel.CreateUnbounded<LinkMessage>(new() { SingleReader = true });
    private readonly HubConnection _connection;

    public SignalRLink(ConnectionGrant grant)
    {
        _connection = new HubConnectionBuilder()
            .WithUrl(grant.Url, options => options.AccessTokenProvider = () => Task.FromResult<string?>(grant.AccessToken))
            .AddJsonProtocol(options => options.PayloadSerializerOptions = new(ClientJson.Default.Options))
            .Build();
        foreach (var target in Targets)
        {
            _connection.On<JsonElement>(target, argument => _messages.Writer.TryWrite(new(target, argument)));
        }

        _connection.Closed += _ =>
        {
            _messages.Writer.TryComplete();
            return Task.CompletedTask;
        };
    }

    public string ConnectionId => _connection.ConnectionId ?? throw new InvalidOperationException("The connection is not open.");

    public ChannelReader<LinkMessage> Messages => _messages.Reader;

    public Task OpenAsync(CancellationToken cancellationToken) => _connection.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        _messages.Writer.TryComplete();
    }
}

/// <summary>The targets of messages.</summary>
internal static class PresenceMessages
{
    public const string Snapshot = "presence:snapshot";

    public const string Status = "user:status";

    public const string StatusBatch = "user:status:batch";

    public const string Counts = "conversation:counts";

    public const string Mode = "conversation:mode";

    public const string Left = "conversation:left";
}
