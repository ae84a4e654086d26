using Presence.Core.Domain;
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
            await world.Time.DelayAsync(_chance.Span(0.2, 15));
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

    private Task ActAsync(User user) => _chance.Next(28) switch
    {
        < 15 => ChangeMembershipAsync(user, _chance.Pick(world.Conversations)),
        < 16 => calls.MakeAsync(OperationKind.SetOnline, user, null, Front.SetByHandAsync),
        < 17 => calls.MakeAsync(OperationKind.SetOffline, user, null, Front.SetByHandAsync),
        < 18 => EraseAsync(user),
        < 21 => BanAsync(user),
        < 26 => ChooseForAsync(user),
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
        membership.IsWanted = _chance.Hit(0.15) ? membership.IsWanted : !membership.IsWanted;
        if (membership.IsWanted)
        {
            membership.RemovedAt = null;
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
        if (call.Answer == Answer.Ok && !membership.IsWanted)
        {
            (membership.RemovedAt, membership.IsPromisedOnly) = (call.AnsweredAt, call.RealtimeFailed || call.Instance.HasTrouble);
        }

        return call.Answer == Answer.Ok;
    }

    private async Task EraseAsync(User user)
    {
        // Its memberships go with it; the backend does not ask for any meanwhile.
        if (user.IsBeingErased || user.Memberships.Values.Any(m => m.IsBeingChanged))
        {
            return;
        }

        user.IsBeingErased = true;
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

    private async Task RevokeAsync(User guest)
    {
        while ((await calls.MakeAsync(OperationKind.Revoke, guest, null, Front.RevokeAsync)).Answer != Answer.Ok)
        {
            await world.Time.DelayAsync(_chance.Span(0.5, 5));
        }
    }
}
