using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>
/// The records of one user, as loaded or as they are to be. Where <see cref="Online"/> is loaded, <see cref="Profile"/> is not:
/// the online record alone decides.
/// </summary>
public readonly record struct UserRecords(OnlineRecord? Online, ProfileRecord? Profile)
{
    /// <summary>The status others are told.</summary>
    public PresenceStatus Status => AvailabilityName.StatusOf(Appearance.Availability);

    /// <summary>The status that connections and activity say, whatever others are told.</summary>
    public PresenceStatus SessionStatus => Online?.Status ?? PresenceStatus.Offline;

    /// <summary>How others see the user.</summary>
    internal Appearance Appearance => Online is { } online ? Appearance.Of(online) : Appearance.Offline;

    /// <summary>What the user has chosen that others see; null for nothing.</summary>
    public Choice? Choice => Deciding?.Choice;

    /// <summary>What the application has chosen for the user; null for nothing.</summary>
    public Choice? ApplicationChoice => Deciding?.ApplicationChoice;

    /// <summary>The conversations the user was put into.</summary>
    public ImmutableArray<string> Conversations => Deciding?.Conversations ?? [];

    /// <summary>The user's connections to the SignalR service.</summary>
    public ConnectionSet Connections => Deciding?.Connections ?? ConnectionSet.Empty;

    /// <summary>The conversations whose messages the user gets: its own, or the default one while it is here and in no other.</summary>
    public ImmutableArray<string> ListensTo =>
        !Conversations.IsEmpty ? Conversations
        : Online?.DefaultConversation is { } fallback ? [fallback]
        : [];

    /// <summary>The conversations whose roster names the user: the same, but the default one only while the user can be seen in it.</summary>
    public ImmutableArray<string> Rosters => Conversations.IsEmpty && Status == PresenceStatus.Offline ? [] : ListensTo;

    /// <summary>Whether somebody has asked to be told of this user, in common conversation or not.</summary>
    public bool IsWatched => Deciding?.IsWatched ?? false;

    /// <summary>What the user lets others know of itself.</summary>
    public Privacy Privacy => Deciding?.Privacy ?? Privacy.Default;

    /// <summary>Who may see the user, and whom it may see, beside what conversations say.</summary>
    public Relations Relations => Deciding?.Relations ?? Relations.None;

    /// <summary>When all credentials of the user were revoked last; null if they never were.</summary>
    public DateTimeOffset? RevokedAt => Deciding?.RevokedAt;

    /// <summary>The version of the last news of the user; 0 if there was none.</summary>
    public long Version => Deciding?.Version ?? 0;

    /// <summary>The revision of what rosters say of the user; 0 if none ever did.</summary>
    public long Revision => Math.Max(Deciding?.Revision ?? 0, Version);

    /// <summary>When the last event of the user was sent to storage; null if there was none.</summary>
    public DateTimeOffset? EventAt => Deciding?.EventAt;

    private UserRecord? Deciding => Online ?? (UserRecord?)Profile;

    /// <summary>What others may know of the user.</summary>
    public PresenceView ViewOf(PresenceKey user)
    {
        var shown = Appearance;
        var known = ShownLastActiveAt;
        return new PresenceView
        {
            UserId = user.ToString(),
            IsAnonymous = user.IsAnonymous,
            Status = AvailabilityName.StatusOf(shown.Availability),
            Availability = shown.Availability,
            Text = shown.Text,
            Emoji = shown.Emoji,
            Device = shown.IsMobile ? Device.Mobile : null,
            LastActiveAt = known,
            LastSeenAt = shown.Availability == Availability.Offline ? known : null,
            Version = Version,
            HiddenFrom = Relations.BlockedConversations.IsEmpty ? null : string.Join('|', Relations.BlockedConversations),
        }.As(Privacy.IsHidden ? LastSeenPrecision.Nobody : Privacy.LastSeen);
    }

    /// <summary>The last activity that others are to know of, however exactly; null for none.</summary>
    internal DateTimeOffset? ShownLastActiveAt =>
        Deciding?.Disguise is { } disguise ? disguise.LastSeenAt : Online?.LastActiveAt ?? Profile?.LastSeenAt;

    /// <summary>What the user may know of itself: how it would be seen if it could be, and what was chosen.</summary>
    public OwnPresence OwnViewOf(PresenceKey user, DateTimeOffset now)
    {
        var visible = this with
        {
            Online = Online is { } online
                ? online with
                {
                    Disguise = null,
                    Privacy = Privacy.Default,
                    Choice = online.Choice is { Availability: ChosenAvailability.Invisible } invisible
                        ? invisible with { Availability = ChosenAvailability.Automatic }
                        : online.Choice,
                }
                : null,
            Profile = Profile is { } profile ? profile with { Disguise = null, Privacy = Privacy.Default } : null,
        };
        return OwnPresence.Of(visible.ViewOf(user), Choice.At(Choice, now), Choice.At(ApplicationChoice, now), Revision);
    }

    /// <summary>
    /// Whether a call, or a negotiation, with credentials issued at the moment given comes from before the user was signed out, or they were
    /// revoked. Credentials that do not say when they were issued count as issued now.
    /// </summary>
    public bool IsSignedOutSince(DateTimeOffset? issuedAt) => issuedAt <= RevokedAt || (Online is null && issuedAt <= Profile?.SignedOutAt);

    /// <summary>The same records, with something else in the one that decides; a profile where there is neither.</summary>
    internal UserRecords With(Func<UserRecord, UserRecord> change) => Online is { } online
        ? this with { Online = (OnlineRecord)change(online) }
        : this with { Profile = (ProfileRecord)change(Profile ?? new ProfileRecord()) };

    /// <summary>Whether others are shown something else than what is.</summary>
    internal bool IsDisguised => Deciding?.Disguise is not null;

    /// <summary>The same records, under this version of the last news.</summary>
    internal UserRecords WithVersion(long version) => new(
        Online is { } online ? online with { Version = version } : null,
        Profile is { } profile && Online is null ? profile with { Version = version } : Profile);

    /// <summary>Until when the user is kept out; null if it is not at the moment given.</summary>
    public DateTimeOffset? BannedUntil(DateTimeOffset now) => Online is null && Profile?.BannedUntil is { } until && until > now ? until : null;

    /// <summary>The devices that were signed out lately, and when.</summary>
    public ImmutableArray<ConnectionMark> SignedOutDevices => Deciding?.SignedOutDevices ?? [];

    /// <summary>Whether the device was signed out after the moment given.</summary>
    public bool IsSignedOut(Device? device, DateTimeOffset after) => device?.Id is { } id && SignedOutDevices.Any(d => d.Id == id && d.At > after);

    /// <summary>The same records, with the moment at which the last event was sent; of a user who is here, in the record that decides alone.</summary>
    internal UserRecords WithEventAt(DateTimeOffset? sentAt) =>
        EventAt == sentAt || Deciding is null ? this : With(record => record with { EventAt = sentAt });

    /// <summary>The id of the write that made the deciding record.</summary>
    internal string WriteId => Deciding?.WriteId ?? "";

    /// <summary>Whether the deciding record was made by the write of this id.</summary>
    internal bool IsWrittenBy(string writeId) => Deciding?.WriteId == writeId;

    /// <summary>
    /// The same records, under this revision, and with what each of its rosters was told last. A profile beside an online record keeps its own:
    /// whoever has found no online record before this change may read that profile after it, and must not take what it says for newer.
    /// </summary>
    internal UserRecords Revised(long revision, ImmutableArray<long> told) => Online is { } online
        ? this with { Online = online with { Revision = revision, Told = told } }
        : this with { Profile = Profile is { } profile ? profile with { Revision = revision, Told = told } : null };

    /// <summary>The revision under which the roster of a conversation was told of the user; null if it does not name it.</summary>
    internal long? ToldTo(string conversation) =>
        Rosters.IndexOf(conversation) is not (>= 0 and var index) ? null
        : index < Told.Length ? Told[index]
        : Version;

    /// <summary>The same of all its rosters, as kept.</summary>
    internal ImmutableArray<long> Told => Deciding?.Told ?? [];

    /// <summary>The same records, made by the write of this id.</summary>
    internal UserRecords StampedWith(string writeId) => new(
        Online is { } online ? online with { WriteId = writeId } : null,
        Profile is { } profile ? profile with { WriteId = writeId } : null);
}
