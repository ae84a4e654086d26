using Presence.Benchmarks.Peers;
using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Broadcast;

/// <summary>From a call to the first and the last of many watchers, beside a bare broadcast.</summary>
internal sealed class ActivityToWatchers : IMeasurement
{
    private const int Watchers = 1_000;
    private const int Rounds = 30;

    public string Name => "broadcast";

    public async Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        surroundings.Say($"{Watchers} watchers");
        var storage = await surroundings.StorageAsync(cancellationToken);
        await using var presence = await PresenceBroadcast.StartAsync(storage, Watchers, cancellationToken);
        SocketIoBroadcast? peer = null;
        string? missing = null;
        try
        {
            peer = await SocketIoBroadcast.StartAsync(Watchers, cancellationToken);
        }
        catch (PeerMissingException e)
        {
            missing = e.Message;
        }

        try
        {
            return [Section(await RunAsync(presence, peer, surroundings, cancellationToken), missing)];
        }
        finally
        {
            await (peer?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static async Task<(List<Reach> Presence, List<Reach> Peer)> RunAsync(
        PresenceBroadcast presence, SocketIoBroadcast? peer, Surroundings surroundings, CancellationToken cancellationToken)
    {
        // The first ones are slow with both.
        const int ToWarm = 5;
        List<Reach> ours = [], theirs = [];
        for (var round = -ToWarm; round < Rounds; round++)
        {
            var reach = await presence.RoundAsync(cancellationToken);
            var other = peer is null ? default : await peer.RoundAsync(cancellationToken);
            if (round >= 0)
            {
                ours.Add(reach);
                theirs.Add(other);
            }
        }

        surroundings.Say($"{Rounds} rounds of each");
        return (ours, peer is null ? [] : theirs);
    }

    private static Section Section((List<Reach> Presence, List<Reach> Peer) rounds, string? missing)
    {
        var ours = Reach.Median(rounds.Presence);
        Line[] lines = missing is not null
            ?
            [
                Line.Of("Presence, to the first", ours.First, "ms"),
                Line.Of("Presence, to the last", ours.Last, "ms"),
                Line.Missing("socket.io", missing),
            ]
            : Reach.Median(rounds.Peer) is var theirs
                ?
                [
                    Line.Of("Presence, to the first", ours.First, "ms"),
                    Line.Of("Presence, to the last", ours.Last, "ms", Goal.AtMostTimes(1.5, "socket.io", theirs.Last)),
                    Line.Of("socket.io bare broadcast, to the first", theirs.First, "ms"),
                    Line.Of("socket.io bare broadcast, to the last", theirs.Last, "ms"),
                ]
                : [];
        return new(
            $"Activity to {Watchers:#,0} watchers",
            "From the call `POST /api/activity` of a user who was offline to the moment at which the first and the last watcher has it: recorded, "
            + "announced and crossed out. Beside it a socket.io server that sends whatever is posted to everybody and keeps nothing. Servers and "
            + $"clients are processes of this machine; medians of {Rounds} rounds in turn.",
            lines);
    }
}
