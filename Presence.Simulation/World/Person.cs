using Presence.Core.Domain;
using Presence.Simulation.Instances;
using Presence.Simulation.Operations;
using Presence.Simulation.Time;

namespace Presence.Simulation.World;

/// <summary>What one user does with its devices.</summary>
internal sealed class Person(User user, Surroundings world, Calls calls, Connecting connecting)
{
    private const int MostConnections = 3;

    private readonly Chance _chance = world.Chance;
    private readonly Devices _devices = new(user, world.Chance);
    private Mood _mood = Mood.Busy;

    private enum Mood
    {
        Busy,
        Calm,
        Gone,
    }

    /// <summary>Goes on until the moment given.</summary>
    public async Task LiveAsync(TimeSpan until)
    {
        while (true)
        {
            await world.Time.DelayAsync(Pause());
            if (world.Time.Now >= until)
            {
                return;
            }

            var done = ActAsync();
            if (_chance.Hit(0.6))
            {
                await done;
            }
        }
    }

    /// <summary>Makes a call that counts as activity.</summary>
    public Task<Operation> CallAsync(DateTimeOffset? activeAt = null) => calls.MakeAsync(
        OperationKind.Activity,
        user,
        r => new(r.Number, r.Kind, r.Instance, user, r.At)
        {
            BeganAt = r.Instance.Clock.GetUtcNow(),
            Credentials = user.Credentials,
            ActiveAt = activeAt,
            Token = user.Tokens.Brought(_chance),
        },
        Front.RecordActivityAsync);

    private Task ActAsync()
    {
        if (user.Credentials is null)
        {
            return SignInAsync();
        }

        return _chance.Next(140) switch
        {
            < 50 => CallAsync(),
            < 57 => CallAsync(VirtualTime.Start + world.Time.Now - _chance.Span(-3, world.Settings.Presence.OfflineAfter.TotalSeconds * 1.3)),
            < 62 => calls.MakeAsync(OperationKind.Passive, user, null, Front.CallPassivelyAsync),
            < 77 => ConnectAsync(),
            < 85 => CloseAsync(),
            < 88 => calls.MakeAsync(OperationKind.SignOut, user, null, Front.SignOutAsync),
            < 92 => SignInAsync(),
            < 102 => ChooseAsync(),
            < 112 => ChoosePrivacyAsync(),
            < 117 => WithConnectionAsync(OperationKind.SignOutDevice, Front.SignOutDeviceAsync),
            < 120 => WithConnectionAsync(OperationKind.ChangeDevice, Front.ChangeDeviceAsync),
            < 132 => ShowStatesAsync(),
            _ => ChangeMoodAsync(),
        };
    }

    private Task ConnectAsync()
    {
        if (user.Connections.Count(c => c.IsOpen) >= MostConnections)
        {
            return Task.CompletedTask;
        }

        var others = world.Population.Users.Where(u => u != user).ToList();
        IReadOnlyList<User> watched = others.Count > 0 && _chance.Hit(0.4) ? [.. Enumerable.Range(0, _chance.Between(1, 2)).Select(_ => _chance.Pick(others)).Distinct()] : [];
        return connecting.ConnectAsync(user, user.Credentials!, watched, _devices.Some());
    }

    private Task CloseAsync()
    {
        if (user.Connections.Where(c => c.IsOpen).ToList() is { Count: > 0 } open)
        {
            connecting.Close(_chance.Pick(open));
        }

        return Task.CompletedTask;
    }

    /// <summary>Gets new credentials, and uses them.</summary>
    public Task SignInAsync()
    {
        if (user.Key.IsAnonymous)
        {
            return calls.MakeAsync(OperationKind.Issue, user, null, Front.IssueAsync);
        }

        _devices.Renew();
        var now = world.Time.Now;
        user.Credentials = new(VirtualTime.Start + TimeSpan.FromSeconds(Math.Floor(now.TotalSeconds)), now, null);
        return CallOrConnectAsync();
    }

    /// <summary>Choosing is no activity, but often goes along with one.</summary>
    private async Task ChooseAsync()
    {
        var choice = Choosing.ForOneself(world);
        if (_chance.Hit(0.5))
        {
            await CallAsync();
        }

        await calls.MakeAsync(
            OperationKind.Choose,
            user,
            r => new(r.Number, r.Kind, r.Instance, user, r.At) { BeganAt = r.Instance.Clock.GetUtcNow(), Credentials = user.Credentials, Choice = choice },
            Front.ChooseAsync);
    }

    /// <summary>Most often it hides something, or no more.</summary>
    private Task<Operation> ChoosePrivacyAsync()
    {
        var isHidden = _chance.Hit(0.5) ? _chance.Hit(0.5) : (bool?)null;
        var lastSeen = isHidden is null || _chance.Hit(0.3)
            ? _chance.Pick(
                [
                    LastSeenPrecision.Exact, LastSeenPrecision.Coarse,
                    .. world.Settings.Presence.LastSeenCanBeHidden ? [LastSeenPrecision.Nobody, LastSeenPrecision.Nobody] : Array.Empty<LastSeenPrecision>(),
                ])
            : (LastSeenPrecision?)null;
        return calls.MakeAsync(
            OperationKind.ChoosePrivacy,
            user,
            r => new(r.Number, r.Kind, r.Instance, user, r.At)
            {
                BeganAt = r.Instance.Clock.GetUtcNow(), Credentials = user.Credentials, IsHidden = isHidden, LastSeen = lastSeen,
            },
            Front.ChoosePrivacyAsync);
    }

    /// <summary>Signs one of its clients out, or has it say something of its device.</summary>
    private Task WithConnectionAsync(OperationKind kind, Func<Instance, Operation, Task> work) =>
        user.Connections.Where(c => c.IsOpen).ToList() is { Count: > 0 } open && _chance.Pick(open) is var connection
            ? calls.MakeAsync(
                kind,
                user,
                r => new(r.Number, r.Kind, r.Instance, user, r.At)
                {
                    BeganAt = r.Instance.Clock.GetUtcNow(), Credentials = user.Credentials, Connection = connection, Device = _devices.Changed(),
                },
                work)
            : Task.CompletedTask;

    /// <summary>Types for a while, mostly where it is heard.</summary>
    private async Task ShowStatesAsync()
    {
        List<string> places =
        [
            .. world.Conversations.Where(c => _chance.Hit(0.1) || user.Memberships.GetValueOrDefault(c)?.IsWanted == true),
            .. world.Settings.Presence.DefaultConversation is { Length: > 0 } fallback ? [fallback] : Array.Empty<string>(),
        ];
        if (places.Count == 0)
        {
            return;
        }

        var conversation = _chance.Pick(places);
        for (var times = _chance.Between(1, 12); times > 0 && world.TroubleEndedAt is null; times--)
        {
            await calls.MakeAsync(
                OperationKind.ShowState,
                user,
                r => new(r.Number, r.Kind, r.Instance, user, r.At)
                {
                    BeganAt = r.Instance.Clock.GetUtcNow(), Credentials = user.Credentials, Conversation = conversation,
                },
                Front.ShowStateAsync);
            await world.Time.DelayAsync(_chance.Span(0.02, 2));
        }
    }

    private Task CallOrConnectAsync() => _chance.Hit(0.5) ? CallAsync() : ConnectAsync();

    private Task ChangeMoodAsync()
    {
        _mood = _chance.Pick([Mood.Busy, Mood.Busy, Mood.Calm, Mood.Gone]);
        return Task.CompletedTask;
    }

    private TimeSpan Pause()
    {
        var options = world.Settings.Presence;
        return _mood switch
        {
            Mood.Busy => _chance.Span(0.1, Math.Max(0.5, options.RecordEvery.TotalSeconds * 0.8)),
            Mood.Calm => _chance.Span(0.5, options.OfflineAfter.TotalSeconds * 0.6),
            _ => _chance.Span(1, options.OfflineAfter.TotalSeconds * 1.3),
        };
    }
}
