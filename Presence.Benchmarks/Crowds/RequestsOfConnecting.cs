using Microsoft.Extensions.Time.Testing;
using Presence.Benchmarks.Clients;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Crowds;

/// <summary>What a client costs that connects while others do.</summary>
internal sealed class RequestsOfConnecting : ICounted
{
    private const int Clients = 250;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    public string Title => "Storage requests of a client that connects";

    public string How =>
        $"{Clients} clients of the default conversation, offline before, negotiate and connect one after the other in {Within.TotalSeconds:0} s, "
        + "through one instance and by a clock of its own.";

    public async Task<IReadOnlyList<Count>> CountAsync(string storage, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(Start);
        await using var instance = FunctionInstance.Create(storage, $"b{Guid.NewGuid():N}", clock);
        await ConnectAsync(instance, "first", cancellationToken);
        var before = instance.Requests;
        for (var i = 0; i < Clients; i++)
        {
            clock.Advance(Within / Clients);
            await ConnectAsync(instance, $"user-{i}", cancellationToken);
        }

        return [new("connecting, for each client", (instance.Requests - before).All / Clients, Goal.AtMost(3.5)) { Spread = 0.05 }];
    }

    private static Task ConnectAsync(FunctionInstance instance, string user, CancellationToken cancellationToken) =>
        instance.ConnectAsync(user, Tokens.ForDevelopment.For(user, Start), cancellationToken);
}
