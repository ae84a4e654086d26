using Presence.Core.Domain;
using Presence.Simulation.Instances;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Operations;

/// <summary>One thing that an instance was asked to do, and what became of it. All moments are true ones, not those of an instance's clock.</summary>
internal sealed class Operation(int number, OperationKind kind, InstanceLife instance, User? user, TimeSpan startedAt)
{
    private static readonly AsyncLocal<Operation?> Flow = new();

    private readonly TaskCompletionSource _ended = new();
    private readonly Dictionary<PresenceKey, TimeSpan> _reads = [];

    /// <summary>On behalf of which operation the code runs.</summary>
    public static Operation? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    public OperationKind Kind => kind;

    public InstanceLife Instance => instance;

    public User? User => user;

    public TimeSpan StartedAt => startedAt;

    /// <summary>For the trace.</summary>
    public string Name { get; } = $"{kind}#{number}";

    /// <summary>The caller's credentials, of a call of a user.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>The connection that the operation is about.</summary>
    public Connection? Connection { get; init; }

    /// <summary>The conversation that the operation is about.</summary>
    public string? Conversation { get; init; }

    /// <summary>What is chosen; null for what sessions say.</summary>
    public Choice? Choice { get; init; }

    /// <summary>The other of two users that the operation is about.</summary>
    public User? Other { get; init; }

    /// <summary>Whether something is to hold, or no more.</summary>
    public bool Holds { get; init; }

    /// <summary>Whether the user wants to be seen by nobody; null where that stays.</summary>
    public bool? IsHidden { get; init; }

    /// <summary>How exactly others are to learn when the user was last active; null where that stays.</summary>
    public LastSeenPrecision? LastSeen { get; init; }

    /// <summary>What the client says of its device.</summary>
    public Device? Device { get; init; }

    /// <summary>The activities that the operation tells of, each as if its user had called.</summary>
    public IReadOnlyList<Operation> Parts { get; init; } = [];

    /// <summary>Until when the user is banned.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What the caller says of when it was active.</summary>
    public DateTimeOffset? ActiveAt { get; init; }

    /// <summary>The throttle token that the caller brings.</summary>
    public string? Token { get; init; }

    /// <summary>When it began, by the clock of its instance.</summary>
    public DateTimeOffset BeganAt { get; init; }

    /// <summary>What became of it.</summary>
    public Answer Answer { get; private set; }

    /// <summary>When that was known.</summary>
    public TimeSpan? AnsweredAt { get; private set; }

    /// <summary>What the answer to an activity says.</summary>
    public bool IsThrottled { get; set; }

    /// <summary>What the answer says of the user.</summary>
    public PresenceStatus? Status { get; set; }

    /// <summary>How long it has waited for storage in all; waits at the same time count each.</summary>
    public TimeSpan WaitedForStorage { get; private set; }

    /// <summary>Whether storage failed it, or was slow.</summary>
    public bool StorageFailed { get; private set; }

    /// <summary>Whether the SignalR service failed it, or was slow.</summary>
    public bool RealtimeFailed { get; private set; }

    /// <summary>Ends when it is answered.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Runs something on behalf of an operation.</summary>
    public static void In(Operation? operation, Action what)
    {
        var before = Flow.Value;
        Flow.Value = operation;
        what();
        Flow.Value = before;
    }

    /// <summary>It has read what is kept of a user.</summary>
    public void Read(PresenceKey whom, TimeSpan now) => _reads[whom] = now;

    /// <summary>When it last read a user: what it does to that user it decided on that.</summary>
    public TimeSpan ReadAt(PresenceKey whom) => _reads.GetValueOrDefault(whom, startedAt);

    public void Waited(string service, TimeSpan span) => WaitedForStorage += service == "storage" ? span : TimeSpan.Zero;

    public void FailedAt(string service)
    {
        StorageFailed |= service == "storage";
        RealtimeFailed |= service == "signalr";
    }

    /// <summary>Answers it, once.</summary>
    public bool TryAnswer(Answer answer, TimeSpan now)
    {
        if (Answer != Answer.Open)
        {
            return false;
        }

        (Answer, AnsweredAt) = (answer, now);
        foreach (var part in Parts)
        {
            (part.StorageFailed, part.RealtimeFailed, part.WaitedForStorage) = (StorageFailed, RealtimeFailed, WaitedForStorage);
            part.TryAnswer(answer, now);
        }

        _ended.SetResult();
        return true;
    }
}
