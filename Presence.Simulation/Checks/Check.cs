using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.Storage;

namespace Presence.Simulation.Checks;

/// <summary>Something that must hold, looked at whenever something happens. Each says by itself what it found wrong.</summary>
internal abstract class Check
{
    /// <summary>What was found wrong first.</summary>
    public event Action<string>? Failed;

    /// <summary>Storage has changed a user's records.</summary>
    public virtual void OnCommitted(Commit commit)
    {
    }

    /// <summary>The SignalR service has accepted a message.</summary>
    public virtual void OnSent(Sent sent)
    {
    }

    /// <summary>An operation has been answered.</summary>
    public virtual void OnAnswered(Operation operation)
    {
    }

    /// <summary>So long after the last change as is promised, while nothing goes wrong.</summary>
    public virtual void OnPromised()
    {
    }

    /// <summary>Time alone changes nothing any more.</summary>
    public virtual void OnQuiet()
    {
    }

    protected void Fail(string problem) => Failed?.Invoke($"{GetType().Name}: {problem}");
}
