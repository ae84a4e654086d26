namespace Presence.Simulation.World;

/// <summary>Whether something that the backend says of who may see whom is to hold.</summary>
internal sealed class Relation
{
    /// <summary>What the backend has asked for last.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>Whether the backend is asking right now.</summary>
    public bool IsBeingChanged { get; set; }

    /// <summary>Since when it holds for sure: when that was answered; null from the moment on at which the backend begins to ask for its end.</summary>
    public TimeSpan? HoldsSince { get; private set; }

    /// <summary>Since when it holds no more for sure: when that was answered, or the start where it never did; null where it holds or may hold.</summary>
    public TimeSpan? EndedAt { get; private set; } = TimeSpan.Zero;

    /// <summary>The backend begins to ask.</summary>
    public void Want(bool isWanted) => (IsWanted, HoldsSince, EndedAt) = (isWanted, isWanted ? HoldsSince : null, isWanted ? null : EndedAt);

    /// <summary>What the backend asks for is answered.</summary>
    public void Answered(TimeSpan at) => (HoldsSince, EndedAt) = (IsWanted ? HoldsSince ?? at : null, IsWanted ? null : EndedAt ?? at);
}
