namespace Presence.Simulation.Operations;

/// <summary>What somebody, or time, asks of an instance.</summary>
internal enum OperationKind
{
    Activity,
    Passive,
    Negotiate,
    Connected,
    Disconnected,
    SignOut,
    SetOnline,
    SetOffline,
    Join,
    Leave,
    Revoke,
    Erase,
    Choose,
    ChooseFor,
    Ban,
    Lift,
    Issue,
    Sweep,
    Held,
    Stop,
}
