using System.Text.Json;
using Presence.Core.Callers;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;
using Presence.Core.Rules;
using Presence.Core.Throttle;
using Presence.Simulation.Operations;
using Presence.Simulation.Time;

namespace Presence.Simulation.Instances;

/// <summary>What the functions do with Core, one method for each that matters here.</summary>
internal static class Front
{
    /// <summary>So long an event of a connection waits for storage: nobody tells it a second time.</summary>
    private static readonly TimeSpan TryFor = TimeSpan.FromSeconds(30);

    private static readonly JsonElement Typing = JsonElement.Parse("""{"typing":true}""");

    /// <summary>And so long for each answer.</summary>
    private static readonly TimeSpan TryOnceFor = TimeSpan.FromSeconds(5);

    public static async Task RecordActivityAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        var activity = new PresenceEvent.Activity(call.BeganAt, call.ActiveAt, call.Credentials!.IssuedAt);
        var result = await instance.Recorder.RecordAsync(call.User!.Key, activity, call.Token, CancellationToken.None);
        if (result.Token is { } token)
        {
            call.User.Tokens.Keep(token);
        }

        (call.IsThrottled, call.Status) = (result.Throttled, result.Status);
    }

    public static async Task CallPassivelyAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        instance.Recorder.Passive();
    }

    public static async Task NegotiateAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        var user = await instance.Store.LoadComingAsync(call.User!.Key, CancellationToken.None);
        if (user.Records.IsSignedOutSince(call.Credentials!.IssuedAt)
            || user.Records.IsSignedOut(call.Device, call.BeganAt - instance.Options.CredentialLifetime)
            || user.Records.BannedUntil(call.BeganAt) is not null)
        {
            throw new SignedOutException();
        }

        instance.Negotiated.Remember(user);
    }

    public static async Task ConnectAsync(Instance instance, Operation call)
    {
        var (connection, negotiation) = (call.Connection!, call.Connection!.Negotiation);
        try
        {
            foreach (var watched in negotiation.Watched)
            {
                await instance.Engine.ApplyAsync(watched.Key, new PresenceEvent.Watched(), CancellationToken.None);
            }

            var connected = new PresenceEvent.Connected(
                connection.Id, negotiation.NegotiatedAt, negotiation.ActiveAt, [.. negotiation.Watched.Select(u => u.Key)], negotiation.Device);
            var known = instance.Negotiated.Take(connection.User.Key) ?? await instance.Store.LoadComingAsync(connection.User.Key, CancellationToken.None);
            await instance.Engine.ApplyAsync(connection.User.Key, connected, CancellationToken.None, known);
        }
        catch (StoreUnavailableException)
        {
            await PatientlyAsync(instance, token => instance.Realtime.CloseConnectionAsync(connection.Id, token).AsTask());
            throw;
        }
    }

    public static Task DisconnectAsync(Instance instance, Operation call) => PatientlyAsync(
        instance,
        token => instance.Engine.ApplyAsync(call.User!.Key, new PresenceEvent.Disconnected(call.Connection!.Id), token).AsTask());

    public static async Task SignOutAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        await instance.Engine.ApplyAsync(call.User!.Key, new PresenceEvent.SignedOut(), CancellationToken.None);
    }

    public static async Task ChooseAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        await ApplyUnlessStaleAsync(instance, call, new PresenceEvent.Chosen(ChoiceSource.User, call.Choice, call.Credentials!.IssuedAt));
    }

    public static async Task ChooseForAsync(Instance instance, Operation call) => await instance.Engine.ApplyAsync(
        call.User!.Key, new PresenceEvent.Chosen(ChoiceSource.Application, call.Choice), CancellationToken.None);

    public static async Task BanAsync(Instance instance, Operation call) =>
        await instance.Engine.ApplyAsync(call.User!.Key, new PresenceEvent.Banned(call.Until), CancellationToken.None);

    public static async Task SetByHandAsync(Instance instance, Operation call) => await instance.Engine.ApplyAsync(
        call.User!.Key, new PresenceEvent.SetByAdministrator(call.Kind == OperationKind.SetOnline), CancellationToken.None);

    public static async Task ChangeMembershipAsync(Instance instance, Operation call) => await (call.Kind == OperationKind.Join
        ? instance.Relationships.JoinAsync(call.User!.Key, call.Conversation!, CancellationToken.None)
        : instance.Engine.ApplyAsync(call.User!.Key, new PresenceEvent.Left(call.Conversation!), CancellationToken.None).AsTask());

    public static Task RelateAsync(Instance instance, Operation call) => call.Kind switch
    {
        OperationKind.Block => instance.Relationships.BlockAsync(call.User!.Key, call.Other!.Key, call.Holds, CancellationToken.None),
        OperationKind.BlockIn => instance.Relationships.BlockInAsync(call.User!.Key, call.Conversation!, call.Holds, CancellationToken.None),
        OperationKind.Allow => instance.Relationships.AllowAsync(call.User!.Key, call.Other!.Key, call.Holds, CancellationToken.None),
        OperationKind.AllowIn => instance.Relationships.AllowInAsync(call.User!.Key, call.Conversation!, call.Holds, CancellationToken.None),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call.Kind, "says nothing of who may see whom"),
    };

    public static async Task ChoosePrivacyAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        await ApplyUnlessStaleAsync(instance, call, new PresenceEvent.PrivacyChosen(call.IsHidden, call.LastSeen, call.Credentials!.IssuedAt));
    }

    public static async Task SignOutDeviceAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        await ApplyUnlessStaleAsync(instance, call, new PresenceEvent.DeviceSignedOut(call.Connection!.Id, call.Credentials!.IssuedAt));
    }

    public static async Task ChangeDeviceAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        await ApplyUnlessStaleAsync(
            instance, call, new PresenceEvent.DeviceChanged(call.Connection!.Id, call.Device!.Kind, call.Device.IsForeground, call.Credentials!.IssuedAt));
    }

    public static async Task ShowStateAsync(Instance instance, Operation call)
    {
        await AuthenticateAsync(instance, call);
        await instance.Live.TellAsync(call.User!.Key, call.Conversation!, Typing, TimeSpan.FromSeconds(10), CancellationToken.None);
    }

    /// <summary>The answer says how many were recorded and how many not, but not which: each counts as what is the least of these.</summary>
    public static async Task RecordBatchAsync(Instance instance, Operation call)
    {
        var done = await instance.Batch.RecordAsync(
            [.. call.Parts.Select(part => new ToldActivity(part.User!.Key, part.ActiveAt))], call.BeganAt, CancellationToken.None);
        foreach (var part in call.Parts)
        {
            (part.IsThrottled, part.Status) = (done.Throttled > 0, done.Ignored > 0 ? PresenceStatus.Offline : null);
        }

        foreach (var (index, failure) in done.Failed)
        {
            call.Parts[index].TryAnswer(
                failure is StoreUnavailableException ? Answer.Unavailable : throw failure, TimeSpan.FromTicks(instance.Life.Clock.GetTimestamp()));
        }
    }

    public static async Task RevokeAsync(Instance instance, Operation call)
    {
        await instance.Sessions.RevokeAsync(call.User!.Key, CancellationToken.None);
        await instance.Engine.ApplyAsync(call.User.Key, new PresenceEvent.SignedOut(IsRevoked: true), CancellationToken.None);
    }

    public static async Task EraseAsync(Instance instance, Operation call) =>
        await instance.Erasure.EraseAsync(call.User!.Key, CancellationToken.None);

    public static async Task IssueAsync(Instance instance, Operation call)
    {
        var at = TimeSpan.FromTicks(instance.Life.Clock.GetTimestamp());
        var session = await instance.Sessions.IssueAsync(call.User!.Key, null, CancellationToken.None);
        call.User.Credentials = new(VirtualTime.Start + at, at, session.Token);
    }

    public static async Task SweepAsync(Instance instance, Operation call) => await instance.Sweep.RunAsync(CancellationToken.None);

    public static async Task DeliverAsync(Instance instance, Operation call) => await instance.Webhooks.RunAsync(CancellationToken.None);

    private static async Task ApplyUnlessStaleAsync(Instance instance, Operation call, PresenceEvent happened)
    {
        if ((await instance.Engine.ApplyAsync(call.User!.Key, happened, CancellationToken.None)).Outcome == Outcome.Stale)
        {
            throw new SignedOutException();
        }
    }

    /// <summary>The application's tokens are checked without asking anybody, sessions are looked up.</summary>
    private static async Task AuthenticateAsync(Instance instance, Operation call)
    {
        if (call.Credentials!.Session is { } session && await instance.Sessions.ValidateAsync(session, CancellationToken.None) is null)
        {
            throw new UnauthenticatedException("The session token is unknown, expired or revoked.");
        }
    }

    private static async Task PatientlyAsync(Instance instance, Func<CancellationToken, Task> attempt)
    {
        var clock = instance.Life.Clock;
        using var limit = new CancellationTokenSource(TryFor, clock);
        for (var wait = 1; ; wait = Math.Min(wait * 2, 5))
        {
            using var once = new CancellationTokenSource(TryOnceFor, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(once.Token, limit.Token);
            try
            {
                await attempt(either.Token);
                return;
            }
            catch (Exception e) when (e is StoreUnavailableException or RealtimeUnavailableException
                || (e is OperationCanceledException && !limit.IsCancellationRequested))
            {
                await Task.Delay(TimeSpan.FromSeconds(wait), clock, limit.Token);
            }
        }
    }
}
