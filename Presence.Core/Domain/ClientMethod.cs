namespace Presence.Core.Domain;

/// <summary>What clients listen to.</summary>
public static class ClientMethod
{
    /// <summary>One change of status; the argument is one view.</summary>
    public const string UserStatus = "user:status";

    /// <summary>Several changes of status that fell together; the argument is an array of views.</summary>
    public const string UserStatusBatch = "user:status:batch";

    /// <summary>What a user has chosen, told to its own connections; the argument is an <see cref="OwnPresence"/>.</summary>
    public const string Me = "presence:me";

    /// <summary>Who is here at the moment of connecting or joining; the argument is a <see cref="Snapshot"/>.</summary>
    public const string Snapshot = "presence:snapshot";

    /// <summary>What a member of a conversation shows of itself for a moment; the argument is a <see cref="LiveState"/>.</summary>
    public const string State = "conversation:state";

    /// <summary>What several members show; the argument is an array of these.</summary>
    public const string StateBatch = "conversation:state:batch";

    /// <summary>How many are in a large conversation, and here; the argument is a <see cref="CountsMessage"/>.</summary>
    public const string Counts = "conversation:counts";

    /// <summary>A conversation has become large, or is not any more; the argument is a <see cref="ModeMessage"/>.</summary>
    public const string Mode = "conversation:mode";

    /// <summary>A user is in a conversation no more, told to its own connections; the argument is a <see cref="LeftMessage"/>.</summary>
    public const string Left = "conversation:left";
}
