using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;

namespace Presence.Tests.Core.Rules;

/// <summary>One user's life under the rules alone: time passes, things happen.</summary>
internal sealed class Story(Action<PresenceOptions>? change = null)
{
    public PresenceOptions Options { get; } = Some.Settings(change);

    public UserRecords Records { get; private set; }

    public DateTimeOffset Now { get; private set; } = Some.Start;

    public PresenceStatus Status => Records.Status;

    public OnlineRecord Online => Records.Online ?? throw new InvalidOperationException("The user is offline.");

    public ProfileRecord Profile => Records.Profile ?? throw new InvalidOperationException("The user has no profile.");

    public long Version => Records.ViewOf(Some.Alice).Version;

    public Story Passes(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public Decision Happens(PresenceEvent happened)
    {
        var decision = PresenceRules.Decide(Some.Alice, Records, happened, Now, Options);
        // Storage hands the rules the online record alone.
        Records = decision.Records.Online is { } online ? new(online, null) : decision.Records;
        return decision;
    }

    public Decision IsActive() => Happens(new Activity(Now));

    public Decision Connects(string connection = Some.Connection) => Happens(new Connected(connection));

    public Decision Disconnects(string connection = Some.Connection) => Happens(new Disconnected(connection));

    public Decision SignsOut() => Happens(new SignedOut());

    public Decision IsSwept() => Happens(new Due());

    /// <summary>Lets the sweep come by exactly when it should.</summary>
    public Decision IsSweptWhenDue()
    {
        Now = Online.DueAt;
        return IsSwept();
    }
}
