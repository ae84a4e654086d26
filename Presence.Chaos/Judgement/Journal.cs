using System.Collections.Concurrent;
using Presence.Chaos.Clients;

namespace Presence.Chaos.Judgement;

/// <summary>All that happened, as those who took part saw it. Judged at the end.</summary>
internal sealed class Journal
{
    private int _connections;
    private int _unjudged;
    private int _unsigned;
    private int _moves;

    /// <summary>What clients heard.</summary>
    public ConcurrentQueue<Heard> Heard { get; } = new();

    /// <summary>What was true, asked for at intervals at a host that is left in peace.</summary>
    public ConcurrentQueue<(State State, DateTimeOffset At)> Truth { get; } = new();

    /// <summary>Calls that were answered well.</summary>
    public ConcurrentQueue<(string User, DateTimeOffset Begun, DateTimeOffset Answered)> Activity { get; } = new();

    /// <summary>Those who came by themselves, and live in no room.</summary>
    public ConcurrentQueue<string> Strangers { get; } = new();

    public ConcurrentQueue<Absence> Absences { get; } = new();

    public ConcurrentQueue<Removal> Removals { get; } = new();

    /// <summary>Who was told that it has left which conversation.</summary>
    public ConcurrentQueue<(string User, string Conversation, DateTimeOffset At)> Leavings { get; } = new();

    public ConcurrentQueue<Secret> Secrets { get; } = new();

    /// <summary>What the feed of events told, doubles too, in the order in which it did.</summary>
    public ConcurrentQueue<ToldEvent> Events { get; } = new();

    /// <summary>What a webhook was sent, doubles too, in the order in which it came.</summary>
    public ConcurrentQueue<ToldEvent> Sent { get; } = new();

    public int Connections => _connections;

    /// <summary>Departures after calls of which nobody knows when they were carried out.</summary>
    public int Unjudged => _unjudged;

    /// <summary>Messages to the receiver that were not signed as they must be.</summary>
    public int Unsigned => _unsigned;

    /// <summary>How often the receiver was moved, because it had failed twice in a row.</summary>
    public int Moves => _moves;

    public void AddConnection() => Interlocked.Increment(ref _connections);

    public void AddUnjudged() => Interlocked.Increment(ref _unjudged);

    public void AddUnsigned() => Interlocked.Increment(ref _unsigned);

    public void AddMove() => Interlocked.Increment(ref _moves);
}
