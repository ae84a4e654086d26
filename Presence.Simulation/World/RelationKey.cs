using Presence.Simulation.Operations;

namespace Presence.Simulation.World;

/// <summary>Something that the backend may say of who may see whom.</summary>
/// <param name="Kind">By which operation it says so.</param>
/// <param name="User">Of whom.</param>
/// <param name="Other">The other of two; null where it is about a conversation.</param>
/// <param name="Conversation">The conversation; null where it is about two users.</param>
internal sealed record RelationKey(OperationKind Kind, User User, User? Other, string? Conversation)
{
    /// <summary>Whether it names a user.</summary>
    public bool Names(User user) => User == user || Other == user;
}
