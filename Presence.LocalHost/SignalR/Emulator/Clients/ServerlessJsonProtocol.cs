using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Presence.LocalHost.SignalR;

/// <summary>
/// SignalR's JSON protocol, but every invocation by a client, whatever its target, becomes one of
/// <see cref="EmulatorHub.ForwardAsync"/> with the arguments as raw JSON: no server code knows the targets.
/// </summary>
internal sealed class ServerlessJsonProtocol : IHubProtocol
{
    private const byte RecordSeparator = 0x1e;

    private readonly JsonHubProtocol _inner = new();

    public string Name => _inner.Name;

    public int Version => _inner.Version;

    public TransferFormat TransferFormat => _inner.TransferFormat;

    public bool IsVersionSupported(int version) => _inner.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _inner.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _inner.WriteMessage(message, output);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (input.PositionOf(RecordSeparator) is { } end && ReadInvocation(input.Slice(0, end)) is { } invocation)
        {
            input = input.Slice(input.GetPosition(1, end));
            message = invocation;
            return true;
        }

        return _inner.TryParseMessage(ref input, binder, out message);
    }

    // Null leaves the message to the real protocol, which also knows how to complain about a malformed one.
    private static InvocationMessage? ReadInvocation(ReadOnlySequence<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            if (root.GetProperty("type").GetInt32() != HubProtocolConstants.InvocationMessageType)
            {
                return null;
            }

            var id = root.TryGetProperty("invocationId", out var given) ? given.GetString() : null;
            var forwarded = new ForwardedInvocation(
                root.GetProperty("target").GetString()!, root.GetProperty("arguments").GetRawText(), id);

            // Without its id here: the answer comes from upstream later, and the client's next message must not wait for it.
            return new InvocationMessage(invocationId: null, nameof(EmulatorHub.ForwardAsync), [forwarded]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
