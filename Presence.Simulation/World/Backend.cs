using Presence.Core.Domain;
using Presence.Core.TableStorage;
using Presence.Simulation.Instances;
using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.Time;

namespace Presence.Simulation.World;

/// <summary>
/// The application's backend and its operators: who is in which conversation, who is turned out, or kept out, and what is chosen for whom.
/// It asks for a change until it is answered 200, and never for two of the same at once.
/// </summary>
internal sealed class Backend(Surroundings world, Calls calls)
{
    private readonly Chance _chance = world.Chance;

    /// <summary>Goes on until the moment given.</summary>
    public async Task WorkAsync(TimeSpan until)
    {
        while (true)
        {
            await world.Time.DelayAsync(_chance.Span(0.2, 10));
            if (world.Time.Now >= until)
            {
                return;
            }

            _ = ActAsync(_chance.Pick(world.Population.Users));
        }
    }

    /// <summary>Somebody connects: now and then that is just when the backend moves it.</summary>
    public void OnOpened(Connection connection)
    {
        if (world.TroubleEndedAt is null && _chance.Hit(0.2))
        {
            world.Time.After(_chance.Span(0, 1), () => _ = ChangeMembershipAsync(connection.User, _chance.Pick(world.Conversations)));
        }
    }

    private Task ActAsync(User user) => _chance.Next(56) switch
    {
        < 15 => ChangeMembershipAsync(user, _chance.Pick(world.Conversations)),
        < 16 => calls.MakeAsync(OperationKind.SetOnline, user, null, Front.SetByHandAsync),
        < 17 => calls.MakeAsync(OperationKind.SetOffline, user, null, Front.SetByHandAsync),
        < 18 => EraseAsync(user),
        < 21 => BanAsync(user),
        < 26 => ChooseForAsync(user),
        < 34 => RelateToAnotherAsync(user, OperationKind.Block),
        < 39 => RelateAsync(new(OperationKind.BlockIn, user, null, _chance.Pick(world.Conversations))),
        < 44 => RelateToAnotherAsync(user, OperationKind.Allow),
        < 48 => RelateAsync(new(OperationKind.AllowIn, user, null, _chance.Pick(Places))),
        < 53 => RecordBatchAsync(),
        _ => user.Key.IsAnonymous ? RevokeAsync(user) : Task.CompletedTask,
    };

    private async Task ChangeMembershipAsync(User user, string conversation)
    {
        if (!user.Memberships.TryGetValue(conversation, out var membership))
        {
            user.Memberships[conversation] = membership = new();
        }

        if (membership.IsBeingChanged || user.IsBeingErased)
        {
            return;
        }

        // Now and then the same again: a repeat must be safe.
        membership.IsBeingChanged = true;
        var repeats = _chance.Hit(0.15);
        membership.IsWanted = repeats ? membership.IsWanted : !membership.IsWanted;
        membership.HasFailed &= repeats;
        if (membership.IsWanted)
        {
            membership.RemovedAt = null;
        }
        else
        {
            membership.JoinedAt = null;
        }

        while (!await TryChangeAsync(user, conversation, membership))
        {
            await world.Time.DelayAsync(_chance.Span(0.5, 5));
        }

        membership.IsBeingChanged = false;
        if (world.TroubleEndedAt is null && _chance.Hit(0.2))
        {
            await ChangeMembershipAsync(user, conversation);
        }
    }

    private async Task<bool> TryChangeAsync(User user, string conversation, Membership membership)
    {
        var call = await calls.MakeAsync(
            membership.IsWanted ? OperationKind.Join : OperationKind.Leave,
            user,
            r => new(r.Number, r.Kind, r.Instance, user, r.At) { BeganAt = r.Instance.Clock.GetUtcNow(), Conversation = conversation },
            Front.ChangeMembershipAsync);
        membership.HasFailed |= call.StorageFailed || call.Answer != Answer.Ok;
        if (call.Answer == Answer.Ok && !membership.IsWanted)
        {
            (membership.RemovedAt, membership.IsPromisedOnly) = (call.AnsweredAt, call.RealtimeFailed || call.Instance.HasTrouble);
        }

        else if (call.Answer == Answer.Ok)
        {
            // A roster that could not be written then is told by the sweep: so long those who look there do not find the user.
            membership.JoinedAt ??= membership.HasFailed || !IsInRoster(user, conversation) ? null : call.AnsweredAt;
        }

        return call.Answer == Answer.Ok;
    }

    private bool IsInRoster(User user, string conversation) =>
        world.Table.Query(TableKeys.Conversation(conversation), TableKeys.OfRosters(user.Key)).Count > 0;

    private async Task EraseAsync(User user)
    {
        // Its memberships go with it, and what is said of it and others; the backend does not ask for any meanwhile.
        if (user.IsBeingErased || user.Memberships.Values.Any(m => m.IsBeingChanged) || world.Relations.Naming(user).Any(r => r.IsBeingChanged))
        {
            return;
        }

        user.IsBeingErased = true;
        foreach (var membership in user.Memberships.Values)
        {
            membership.JoinedAt = null;
        }

        foreach (var relation in world.Relations.Naming(user))
        {
            relation.Want(false);
        }

        Operation call;
        while ((call = await calls.MakeAsync(OperationKind.Erase, user, null, Front.EraseAsync)).Answer != Answer.Ok)
        {
            await world.Time.DelayAsync(_chance.Span(0.5, 5));
        }

        foreach (var membership in user.Memberships.Values)
        {
            membership.RemovedAt = membership.IsWanted ? call.AnsweredAt : membership.RemovedAt;
            membership.IsPromisedOnly |= call.RealtimeFailed || call.Instance.HasTrouble;
            membership.IsWanted = false;
        }

        foreach (var relation in world.Relations.Naming(user))
        {
            relation.Answered(call.AnsweredAt!.Value);
        }

        user.IsBeingErased = false;
    }

    /// <summary>
    /// For a while; now and then the user is erased as well, which lets it in no sooner, and the ban is lifted before it ends, or lifted of one who
    /// is not banned.
    /// </summary>
    private async Task BanAsync(User user)
    {
        if (user.IsBeingBanned)
        {
            return;
        }

        user.IsBeingBanned = true;
        if (_chance.Hit(0.9))
        {
            var until = (VirtualTime.Start + world.Time.Now + _chance.Span(4, 40)).ToWholeMilliseconds();
            while (until > VirtualTime.Start + world.Time.Now + world.Settings.Apart && !await TryBanAsync(user, OperationKind.Ban, until))
            {
                await world.Time.DelayAsync(_chance.Span(0.5, 5));
            }
        }

        if (_chance.Hit(0.15))
        {
            await EraseAsync(user);
        }

        if (_chance.Hit(0.5))
        {
            await world.Time.DelayAsync(_chance.Span(0.01, 30));
            while (!await TryBanAsync(user, OperationKind.Lift, until: null))
            {
                await world.Time.DelayAsync(_chance.Span(0.5, 5));
            }
        }

        user.IsBeingBanned = false;
    }

    private async Task<bool> TryBanAsync(User user, OperationKind kind, DateTimeOffset? until)
    {
        var call = await calls.MakeAsync(
            kind, user, r => new(r.Number, r.Kind, r.Instance, user, r.At) { BeganAt = r.Instance.Clock.GetUtcNow(), Until = until }, Front.BanAsync);
        return call.Answer == Answer.Ok;
    }

    private async Task ChooseForAsync(User user)
    {
        if (user.IsBeingChosenFor)
        {
            return;
        }

        user.IsBeingChosenFor = true;
        var choice = Choosing.ForAnother(world);
        while ((await calls.MakeAsync(
            OperationKind.ChooseFor,
            user,
            r => new(r.Number, r.Kind, r.Instance, user, r.At) { BeganAt = r.Instance.Clock.GetUtcNow(), Choice = choice },
            Front.ChooseForAsync)).Answer != Answer.Ok)
        {
            await world.Time.DelayAsync(_chance.Span(0.5, 5));
        }

        user.IsBeingChosenFor = false;
    }

    private IReadOnlyList<string> Places => world.Settings.Presence.DefaultConversation is { Length: > 0 } fallback
        ? [.. world.Conversations, fallback]
        : world.Conversations;

    /// <summary>Those of a conversation in common more often than others: there it matters most.</summary>
    private Task RelateToAnotherAsync(User user, OperationKind kind)
    {
        var others = world.Population.Users.Where(u => u != user).ToList();
        return others.Count == 0 ? Task.CompletedTask : RelateAsync(new(kind, user, _chance.Pick(others), null));
    }

    /// <summary>Says who may see whom, or no more, until that is answered; now and then the same again.</summary>
    private async Task RelateAsync(RelationKey key)
    {
        var relation = key.Kind == OperationKind.Block ? world.Relations.Block(key.User, key.Other!) : world.Relations.Of(key);
        if (relation.IsBeingChanged || key.User.IsBeingErased || key.Other?.IsBeingErased == true)
        {
            return;
        }

        relation.IsBeingChanged = true;
        relation.Want(relation.IsWanted != _chance.Hit(0.85));
        Operation call;
        while ((call = await calls.MakeAsync(
            key.Kind,
            key.User,
            r => new(r.Number, r.Kind, r.Instance, r.User, r.At)
            {
                BeganAt = r.Instance.Clock.GetUtcNow(), Other = key.Other, Conversation = key.Conversation, Holds = relation.IsWanted,
            },
            Front.RelateAsync)).Answer != Answer.Ok)
        {
            await world.Time.DelayAsync(_chance.Span(0.5, 5));
        }

        relation.Answered(call.AnsweredAt!.Value);
        relation.IsBeingChanged = false;
        if (world.TroubleEndedAt is null && _chance.Hit(0.3))
        {
            await world.Time.DelayAsync(_chance.Span(0.01, 30));
            await RelateAsync(key);
        }
    }

    /// <summary>Tells at once what several did, on devices that the backend knows of.</summary>
    private Task RecordBatchAsync()
    {
        var active = world.Population.Users.Where(u => !u.IsBeingErased && _chance.Hit(0.5)).ToList();
        if (active.Count > 0 && _chance.Hit(0.2))
        {
            active.Add(active[0]);
        }

        var told = active.ConvertAll(user => (
            User: user,
            At: _chance.Hit(0.5)
                ? VirtualTime.Start + world.Time.Now - _chance.Span(-3, world.Settings.Presence.OfflineAfter.TotalSeconds * 1.3)
                : (DateTimeOffset?)null));
        return told.Count == 0 ? Task.CompletedTask : calls.MakeAsync(
            OperationKind.Batch,
            null,
            r => new(r.Number, r.Kind, r.Instance, null, r.At)
            {
                BeganAt = r.Instance.Clock.GetUtcNow(),
                Parts =
                [
                    .. told.Select(one => new Operation(r.Number, OperationKind.Activity, r.Instance, one.User, r.At)
                    {
                        BeganAt = r.Instance.Clock.GetUtcNow(), ActiveAt = one.At,
                    }),
                ],
            },
            Front.RecordBatchAsync);
    }

    private async Task RevokeAsync(User guest)
    {
        while ((await calls.MakeAsync(OperationKind.Revoke, guest, null, Front.RevokeAsync)).Answer != Answer.Ok)
        {
            await world.Time.DelayAsync(_chance.Span(0.5, 5));
        }
    }
}
