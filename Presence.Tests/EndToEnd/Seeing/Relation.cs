using System.Net.Http.Json;
using static Presence.Tests.EndToEnd.Seeing.Sight;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>What a viewer has to do with a subject, how that begins and ends, and what the viewer sees meanwhile, for each setting.</summary>
internal sealed record Relation(string Name, Sights Conversations, Sights Everybody)
{
    /// <summary>Whether both are in one conversation all the time.</summary>
    public bool Shares { get; init; }

    /// <summary>Whether both are in no conversation but the default one.</summary>
    public bool SharesDefault { get; init; }

    /// <summary>Whether the viewer watches the subject on its connections.</summary>
    public bool Watches { get; init; } = true;

    /// <summary>What makes up the two before anybody connects.</summary>
    public Func<Pair, Task> Prepare { get; init; } = _ => Task.CompletedTask;

    public Func<Pair, Task> Begin { get; init; } = _ => Task.CompletedTask;

    public Func<Pair, Task> End { get; init; } = _ => Task.CompletedTask;

    /// <summary>Whether its beginning and its end close the connections of the viewer.</summary>
    public bool Reconnects { get; init; }

    /// <summary>Whether what the viewer may see from then on comes only over a new connection.</summary>
    public bool IsHeardOnNewConnections { get; init; }

    /// <summary>Whether the viewer goes on showing the subject as it was until it looks: nothing is told when it begins.</summary>
    public bool BeginsSilently { get; init; }

    /// <summary>The same when it ends.</summary>
    public bool EndsSilently { get; init; }

    /// <summary>Whether the viewer leaves a conversation when it ends: except where everybody sees everybody, those of its connections that watch are closed.</summary>
    public bool EndsByLeaving { get; init; }

    /// <summary>Whether, while it lasts, the subject may do nothing but come and go.</summary>
    public bool KeepsChoice { get; init; }

    /// <summary>Whether the subject does not see the viewer either.</summary>
    public bool IsMutual { get; init; }

    public override string ToString() => Name;

    /// <summary>All relations; the table of what is expected.</summary>
    public static IReadOnlyList<Relation> All { get; } =
    [
        //                                            conversations                  everybody
        new("shares a conversation",              new(Seen, Seen, Seen),          new(Seen, Seen, Seen)) { Shares = true },
        new("shares a conversation, not watching", new(Seen, Seen, Seen),         new(Seen, Seen, Seen)) { Shares = true, Watches = false },
        new("shares the default conversation",    new(Seen, Seen, Seen),          new(Seen, Seen, Seen)) { SharesDefault = true },
        new("shares none",                        new(Unknown, Unknown, Unknown), new(Seen, Seen, Seen)),
        new("joins and leaves",                   new(Unknown, Seen, Unknown),    new(Seen, Seen, Seen))
        {
            Begin = pair => pair.System.JoinAsync(pair.Other, pair.Subject, pair.Viewer),
            End = pair => pair.System.LeaveAsync(pair.Other, pair.Viewer),
            EndsSilently = true,
            EndsByLeaving = true,
        },
        new("allowed",                            new(Unknown, Seen, Unknown),    new(Seen, Seen, Seen))
        {
            Begin = pair => pair.AllowAsync(HttpMethod.Put, $"viewerId={Escape(pair.Viewer.Id)}"),
            End = pair => pair.AllowAsync(HttpMethod.Delete, $"viewerId={Escape(pair.Viewer.Id)}"),
            IsHeardOnNewConnections = true,
        },
        new("allowed by conversation",            new(Unknown, Seen, Unknown),    new(Seen, Seen, Seen))
        {
            Prepare = pair => pair.System.JoinAsync(pair.Other, pair.Viewer),
            Begin = pair => pair.AllowAsync(HttpMethod.Put, $"conversationId={pair.Other}"),
            End = pair => pair.AllowAsync(HttpMethod.Delete, $"conversationId={pair.Other}"),
            IsHeardOnNewConnections = true,
        },
        new("allowed by conversation, leaves it", new(Unknown, Seen, Unknown),    new(Seen, Seen, Seen))
        {
            Prepare = pair => pair.System.JoinAsync(pair.Other, pair.Viewer),
            Begin = pair => pair.AllowAsync(HttpMethod.Put, $"conversationId={pair.Other}"),
            End = pair => pair.System.LeaveAsync(pair.Other, pair.Viewer),
            IsHeardOnNewConnections = true,
            EndsSilently = true,
            EndsByLeaving = true,
        },
        new("blocked by the subject, sharing",    new(Seen, Left, Seen),          new(Seen, Left, Seen))
        {
            Shares = true, Watches = false, IsMutual = true, Begin = BlockedBySubject(HttpMethod.Put), End = BlockedBySubject(HttpMethod.Delete),
        },
        new("blocked by the viewer, sharing",     new(Seen, Left, Seen),          new(Seen, Left, Seen))
        {
            Shares = true, Watches = false, IsMutual = true, Begin = BlockedByViewer(HttpMethod.Put), End = BlockedByViewer(HttpMethod.Delete),
        },
        new("blocked, watching",                  new(Seen, Left, Seen),          new(Seen, Left, Seen))
        {
            IsMutual = true,
            Prepare = pair => pair.AllowAsync(HttpMethod.Put, $"viewerId={Escape(pair.Viewer.Id)}"),
            Begin = BlockedBySubject(HttpMethod.Put),
            End = BlockedBySubject(HttpMethod.Delete),
        },
        new("blocked, sharing and watching",      new(Seen, Left, Seen),          new(Seen, Left, Seen))
        {
            Shares = true, IsMutual = true, Begin = BlockedBySubject(HttpMethod.Put), End = BlockedBySubject(HttpMethod.Delete),
        },
        new("blocked in the default conversation", new(Seen, Left, Seen),         new(Seen, Left, Seen))
        {
            SharesDefault = true, IsMutual = true, Begin = BlockedByViewer(HttpMethod.Put), End = BlockedByViewer(HttpMethod.Delete),
        },
        new("in a conversation that the subject blocks", new(Seen, Unknown, Seen), new(Seen, Unknown, Seen))
        {
            Shares = true,
            IsMutual = true,
            Prepare = pair => pair.System.JoinAsync(pair.Other, pair.Viewer),
            Begin = pair => pair.BlockAsync(HttpMethod.Put, pair.Subject, $"conversationId={pair.Other}"),
            End = pair => pair.BlockAsync(HttpMethod.Delete, pair.Subject, $"conversationId={pair.Other}"),
        },
        new("blocks a conversation that the subject is in", new(Seen, Unknown, Seen), new(Seen, Unknown, Seen))
        {
            Shares = true,
            IsMutual = true,
            Reconnects = true,
            Prepare = pair => pair.System.JoinAsync(pair.Other, pair.Subject),
            Begin = pair => pair.BlockAsync(HttpMethod.Put, pair.Viewer, $"conversationId={pair.Other}"),
            End = pair => pair.BlockAsync(HttpMethod.Delete, pair.Viewer, $"conversationId={pair.Other}"),
        },
        new("joins a conversation that the subject blocks", new(Seen, Unknown, Seen), new(Seen, Unknown, Seen))
        {
            Shares = true,
            IsMutual = true,
            BeginsSilently = true,
            EndsSilently = true,
            EndsByLeaving = true,
            Prepare = pair => pair.BlockAsync(HttpMethod.Put, pair.Subject, $"conversationId={pair.Other}"),
            Begin = pair => pair.System.JoinAsync(pair.Other, pair.Viewer),
            End = pair => pair.System.LeaveAsync(pair.Other, pair.Viewer),
        },
        new("hidden",                             new(Seen, Unknown, Seen),       new(Seen, Unknown, Seen))
        {
            Shares = true, Begin = Hidden("nobody"), End = Hidden("default"),
        },
        new("invisible",                          new(Seen, Left, Seen),          new(Seen, Left, Seen))
        {
            Shares = true,
            KeepsChoice = true,
            Begin = pair => pair.Subject.ChooseAsync(new { availability = "invisible" }),
            End = pair => pair.Subject.ChooseAsync(new { availability = "automatic" }),
        },
    ];

    private static Func<Pair, Task> BlockedBySubject(HttpMethod method) => pair => pair.BlockAsync(method, pair.Subject, $"otherId={Escape(pair.Viewer.Id)}");

    private static Func<Pair, Task> BlockedByViewer(HttpMethod method) => pair => pair.BlockAsync(method, pair.Viewer, $"otherId={Escape(pair.Subject.Id)}");

    private static Func<Pair, Task> Hidden(string visibility) => async pair =>
        (await pair.Subject.Caller.SendAsync(HttpMethod.Put, "api/presence/me/privacy", JsonContent.Create(new { visibility }))).MustBeOk();

    private static string Escape(string id) => Uri.EscapeDataString(id);
}
