using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Engine;

/// <summary>
/// What the application says of who may see whom. It stands in the records of both whom it concerns, one after the other: where a call fails
/// between the two, saying it again does the rest.
/// </summary>
public sealed class Relationships(IPresenceStore store, PresenceEngine engine, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The most members that a conversation may have to be blocked: each of them is told, and remembers it.</summary>
    public const int MostMembers = 1_000;

    private const int UsersAtOnce = 8;

    /// <summary>Lets a viewer see a user without a conversation in common, or does so no more.</summary>
    /// <exception cref="InvalidInputException">The two are one, or there are too many already.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach; what is done stays done.</exception>
    public async Task AllowAsync(PresenceKey user, PresenceKey viewer, bool holds, CancellationToken cancellationToken)
    {
        ThrowIfOne(user, viewer, "viewerId");
        var (seen, viewing) = (await store.LoadAsync(user, cancellationToken), await store.LoadAsync(viewer, cancellationToken));
        if (holds && viewing.Records.Relations.Sees is { Length: >= Relations.MaxUsers } sees && !sees.Contains(user))
        {
            throw RelationRules.OneTooMany("userId", Relations.MaxUsers, "users");
        }

        var without = seen.Records == default ? default : seen.Records.With(record => record with
        {
            Relations = record.Relations with { SeenBy = record.Relations.SeenBy.Remove(viewer) },
        });
        var seesLess = seen.Records.IsWatched && !VisibilityRules.MayLook(viewer, viewing.Records, without, options.Value)
            && VisibilityRules.BlockOf(viewing.Records, user) is null && !VisibilityRules.BlocksOneOf(viewing.Records, seen.Records, options.Value);
        await engine.ApplyAsync(user, new PresenceEvent.SeenBy(viewer, holds, seesLess), cancellationToken, seen);
        await engine.ApplyAsync(viewer, new PresenceEvent.Sees(user, holds), cancellationToken, viewing);
    }

    /// <summary>Lets the members of a conversation see a user, or does so no more.</summary>
    /// <inheritdoc cref="AllowAsync" path="/exception"/>
    public async Task AllowInAsync(PresenceKey user, string conversationId, bool holds, CancellationToken cancellationToken) =>
        await engine.ApplyAsync(user, new PresenceEvent.SeenIn(conversationId, holds), cancellationToken);

    /// <summary>Keeps two users from seeing each other, or does so no more.</summary>
    /// <inheritdoc cref="AllowAsync" path="/exception"/>
    public async Task BlockAsync(PresenceKey user, PresenceKey other, bool holds, CancellationToken cancellationToken)
    {
        ThrowIfOne(user, other, "otherId");
        var (one, two) = (await store.LoadAsync(user, cancellationToken), await store.LoadAsync(other, cancellationToken));
        if (holds)
        {
            ThrowIfTooMany(one.Records.Relations.Blocks, other);
            ThrowIfTooMany(two.Records.Relations.Blocks, user);
        }

        // Each remembers the version under which the other will have left, so that it reads what it was told.
        var (isFirstTold, isSecondTold) = (IsTold(two, one), IsTold(one, two));
        var (ofFirst, ofSecond) = (VersionOf(one, isSecondTold), VersionOf(two, isFirstTold));
        var change = await engine.ApplyAsync(user, new PresenceEvent.Blocked(other, BlockOf(two, ofSecond), isSecondTold, ofFirst), cancellationToken, one);
        await engine.ApplyAsync(
            other,
            new PresenceEvent.Blocked(user, BlockOf(one with { Records = change.After }, ofFirst), isFirstTold, ofSecond),
            cancellationToken,
            two);

        long VersionOf(StoredUser leaving, bool isTold) => isTold && leaving.Records.Status != PresenceStatus.Offline
            ? Situation.NextVersion(leaving.Records.Revision, time.GetUtcNow(), leaving.Records.Privacy)
            : leaving.Records.Version;

        Block? BlockOf(StoredUser seen, long version) => !holds ? null : new(
            seen.User,
            seen.Records.Privacy is { IsHidden: false, LastSeen: not LastSeenPrecision.Nobody } ? seen.Records.ShownLastActiveAt : null,
            version,
            seen.Records.Privacy.LastSeen == LastSeenPrecision.Coarse);

        void ThrowIfTooMany(ImmutableArray<Block> blocks, PresenceKey whom)
        {
            if (blocks.Length >= Relations.MaxUsers && !blocks.Any(block => block.Other == whom))
            {
                throw RelationRules.OneTooMany("otherId", Relations.MaxUsers, "users");
            }
        }
    }

    /// <summary>Keeps a user and the members of a conversation, those of today and later ones, from seeing each other, or does so no more.</summary>
    /// <exception cref="InvalidInputException">It is the default conversation, has too many members, or there are too many already.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach; what is done stays done.</exception>
    public async Task BlockInAsync(PresenceKey user, string conversationId, bool holds, CancellationToken cancellationToken)
    {
        if (conversationId == options.Value.DefaultConversation)
        {
            throw new InvalidInputException("conversationId", "must not be the default conversation");
        }

        if (!holds)
        {
            await store.SetBlockerAsync(conversationId, user, holds: false, cancellationToken);
            await engine.ApplyAsync(user, new PresenceEvent.BlockedIn(conversationId, Holds: false), cancellationToken);
            await GuardAsync(conversationId);
            return;
        }

        var members = await store.RosterAsync(conversationId, cancellationToken).CountAsync(cancellationToken);
        if (members > MostMembers)
        {
            throw new InvalidInputException("conversationId", $"must have at most {MostMembers} members to be blocked; it has {members}");
        }

        // The record first: by it an erasure finds the row. Then the row, and then the members: whoever joins is in the roster before it looks for the row.
        await engine.ApplyAsync(user, new PresenceEvent.BlockedIn(conversationId, Holds: true), cancellationToken);
        await store.SetBlockerAsync(conversationId, user, holds: true, cancellationToken);
        await GuardAsync(conversationId);
    }

    /// <summary>
    /// Puts a user into a conversation, which somebody may have blocked: one request more than the event takes, or two where nobody has. The second
    /// finds who has blocked it meanwhile.
    /// </summary>
    /// <exception cref="InvalidInputException">The user is in too many already.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach; what is done stays done.</exception>
    public async Task<Change> JoinAsync(PresenceKey user, string conversationId, CancellationToken cancellationToken)
    {
        var isGuarded = (await store.BlockersAsync(conversationId, cancellationToken)).Count > 0;
        var change = await engine.ApplyAsync(user, new PresenceEvent.Joined(conversationId, isGuarded), cancellationToken);
        if (!change.After.Relations.Guarded.Contains(conversationId))
        {
            await GuardAsync(user, [conversationId], cancellationToken);
        }

        return change;
    }

    /// <summary>Has a user remember which of these conversations somebody has blocked. One request for each.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    internal async Task GuardAsync(PresenceKey user, IReadOnlyList<string> conversations, CancellationToken cancellationToken)
    {
        foreach (var conversation in conversations)
        {
            if ((await store.BlockersAsync(conversation, cancellationToken)).Count > 0)
            {
                await engine.ApplyAsync(user, new PresenceEvent.Guarded(conversation, Holds: true), cancellationToken);
            }
        }
    }

    /// <summary>Ends all that stands of a user in the records of others, so that nothing there names it.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach; what is done stays done.</exception>
    public async Task EndAsync(PresenceKey user, Relations relations, CancellationToken cancellationToken)
    {
        foreach (var block in relations.Blocks)
        {
            await engine.ApplyAsync(block.Other, new PresenceEvent.Blocked(user, Block: null), cancellationToken);
        }

        foreach (var viewer in relations.SeenBy)
        {
            await engine.ApplyAsync(viewer, new PresenceEvent.Sees(user, Holds: false), cancellationToken);
        }

        foreach (var subject in relations.Sees)
        {
            await engine.ApplyAsync(subject, new PresenceEvent.SeenBy(user, Holds: false), cancellationToken);
        }

        foreach (var conversation in relations.BlockedConversations)
        {
            await BlockInAsync(user, conversation, holds: false, cancellationToken);
        }
    }

    private static void ThrowIfOne(PresenceKey user, PresenceKey other, string field)
    {
        if (user == other)
        {
            throw new InvalidInputException(field, "must be another user");
        }
    }

    /// <summary>Whether the second is to be told that it sees the first no more, or sees it again: not where they do not see each other for another reason.</summary>
    private bool IsTold(StoredUser first, StoredUser second) =>
        VisibilityRules.MayKnow(second.User, second.Records, first.Records, options.Value)
        && !VisibilityRules.BlocksOneOf(first.Records, second.Records, options.Value);

    /// <summary>
    /// Every member remembers whether somebody has blocked the conversation. Who has, is looked up when there is news of a member. Once begun this ends,
    /// whether the caller waits or not; a member whose row cannot be read has no news either.
    /// </summary>
    private async Task GuardAsync(string conversationId)
    {
        var isGuarded = await IsGuardedAsync();
        await TellAsync(isGuarded);
        if (!isGuarded && await IsGuardedAsync())
        {
            // Somebody has blocked it meanwhile, and may have told members before this did.
            await TellAsync(true);
        }

        async Task<bool> IsGuardedAsync() => (await store.BlockersAsync(conversationId, CancellationToken.None)).Count > 0;

        async Task TellAsync(bool holds) => await Parallel.ForEachAsync(
            await store.RosterAsync(conversationId, CancellationToken.None).ToListAsync(CancellationToken.None),
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce },
            async (member, _) =>
            {
                try
                {
                    await engine.ApplyAsync(
                        PresenceKey.Parse(member.View.UserId), new PresenceEvent.Guarded(conversationId, holds), CancellationToken.None);
                }
                catch (UnreadableRowException)
                {
                    // Told in the log by whoever has read it.
                }
            });
    }
}
