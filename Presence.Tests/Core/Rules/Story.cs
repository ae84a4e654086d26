using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;

namespace Presence.Tests.Core.Rules;

/// <summary>One user's life under the rules alone: time passes, things happen.</summary>
internal sealed class Story(Action<PresenceOptions>? change = null, PresenceKey? user = null)
{
    private readonly PresenceKey _user = user ?? Some.Alice;

    public PresenceOptions Options { get; } = Some.Settings(change);

    public UserRecords Records { get; private set; }

    public DateTimeOffset Now { get; private set; } = Some.Start;

    public PresenceStatus Status => Records.Status;

    public OnlineRecord Online => Records.Online ?? throw new InvalidOperationException("The user is offline.");

    public ProfileRecord Profile => Records.Profile ?? throw new InvalidOperationException("The user has no profile.");

    public long Version => Records.ViewOf(_user).Version;

    public Story Passes(TimeSpan time)
    {
        Now += time;
        return this;
    }

    /// <param name="happened">What happens.</param>
    /// <param name="held">What the instance that it happens on holds back.</param>
    public Decision Happens(PresenceEvent happened, DateTimeOffset? held = null)
    {
        var decision = PresenceRules.Decide(_user, Records, happened, Now, Options, held);
        // Storage hands the rules the online record alone.
        Records = decision.Records.Online is { } online ? new(online, null) : decision.Records;
        return decision;
    }

    public Decision IsActive() => Happens(new Activity(Now));

    /// <summary>A call made now, of something the user did at the moment given.</summary>
    public Decision TellsOfActivity(DateTimeOffset at) => Happens(new Activity(Now, at));

    /// <summary>What a window held back is told.</summary>
    public Decision IsHeard(DateTimeOffset at) => Happens(new HeldActivity(at));

    /// <summary>Negotiates and connects.</summary>
    public Decision Connects(string connection = Some.Connection, DateTimeOffset? activeAt = null) =>
        Happens(new Connected(connection, Now, activeAt));

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
