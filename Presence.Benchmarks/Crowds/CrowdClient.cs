using System.Text.Json;
using Presence.Benchmarks.Clients;
using Presence.Core.Domain;

namespace Presence.Benchmarks.Crowds;

/// <summary>One client that connects and listens, and comes again when it is refused.</summary>
internal sealed class CrowdClient(Api api, string user, string bearer) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Version, string Status)> _known = [];
    private LeanConnection? _connection;

    public string User => user;

    /// <summary>How often it was refused.</summary>
    public int Refused { get; private set; }

    public bool IsConnected => _connection is { Closed.IsCompleted: false };

    public bool HasSnapshot { get; private set; }

    /// <summary>Whether the snapshot named all who were here.</summary>
    public bool WasToldAll { get; private set; } = true;

    /// <summary>The snapshot's size in bytes.</summary>
    public int SnapshotBytes { get; private set; }

    public long Received => _connection?.Received ?? 0;

    /// <summary>Returns when it is connected.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = Patience;
            try
            {
                var grant = await api.NegotiateAsync(bearer, [], cancellationToken);
                if (grant.Status == 200)
                {
                    _connection = await LeanConnection.ConnectAsync(grant.Url, grant.AccessToken, Hear, cancellationToken);
                    return;
                }

                wait = grant.RetryAfter ?? Patience;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Net.WebSockets.WebSocketException)
            {
                // Refused in another way.
            }

            Refused++;
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Whether all that it knows is so, and it knows all that it was to be told of.</summary>
    /// <param name="online">Who is online, and all there are.</param>
    public bool IsRight(IReadOnlyCollection<string> online)
    {
        lock (_gate)
        {
            return HasSnapshot && _known.Values.All(known => known.Status == "online") && (!WasToldAll || online.All(_known.ContainsKey));
        }
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Hear(ReadOnlyMemory<byte> message)
    {
        using var call = JsonDocument.Parse(message);
        lock (_gate)
        {
            if (call.RootElement.GetProperty("target").GetString() == ClientMethod.Snapshot)
            {
                (HasSnapshot, SnapshotBytes) = (true, Math.Max(SnapshotBytes, message.Length));
            }

            Learn(call.RootElement.GetProperty("arguments"));
        }
    }

    /// <summary>Whatever it is told in: a view has an id and a status, and what is not complete says so.</summary>
    private void Learn(JsonElement told)
    {
        switch (told.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var one in told.EnumerateArray())
                {
                    Learn(one);
                }

                break;
            case JsonValueKind.Object when told.TryGetProperty("userId", out var id) && told.TryGetProperty("status", out var status):
                var (name, version) = (id.GetString()!, told.GetProperty("version").GetInt64());
                if (!_known.TryGetValue(name, out var known) || known.Version < version)
                {
                    _known[name] = (version, status.GetString()!);
                }

                break;
            case JsonValueKind.Object:
                WasToldAll &= !told.TryGetProperty("isComplete", out var complete) || complete.GetBoolean();
                foreach (var property in told.EnumerateObject())
                {
                    Learn(property.Value);
                }

                break;
        }
    }
}
