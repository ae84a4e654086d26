using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Maintenance;
using Presence.Core.Sessions;
using Presence.Tests.Core.Storage;

namespace Presence.Tests.Core.Maintenance;

public sealed class CleanupTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = Some.Clock();
    private Instance _instance = null!;

    public async ValueTask InitializeAsync() => _instance = await Tables.InstanceAsync(Tables.NewName(), _time);

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExpiredSessionsGoAndOthersStay()
    {
        var sessions = _instance.Get<AnonymousSessions>();
        await sessions.IssueAsync(Some.Guest, TimeSpan.FromMinutes(1), Token);
        var lasting = await sessions.IssueAsync(Some.Guest, null, Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new CleanupReport(1, 0), await CleanUpAsync());
        Assert.NotNull(await sessions.ValidateAsync(lasting.Token, Token));
        Assert.Equal(new CleanupReport(0, 0), await CleanUpAsync());
    }

    [Fact]
    public async Task AGuestNotSeenForLongIsForgottenButNoRegisteredUser()
    {
        foreach (var user in new[] { Some.Guest, Some.Alice })
        {
            await _instance.ApplyAsync(user, new PresenceEvent.Joined("team"));
            await _instance.ApplyAsync(user, new PresenceEvent.Activity(_time.GetUtcNow()));
            await _instance.ApplyAsync(user, new PresenceEvent.SignedOut());
        }

        _time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, (await CleanUpAsync()).ForgottenParticipants);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await CleanUpAsync()).ForgottenParticipants);
        Assert.Null((await _instance.Store.LoadAsync(Some.Guest, Token)).Tag);
        Assert.Equal("alice", Assert.Single((await _instance.Rosters.ReadAsync("team", Token)).Members).UserId);
    }

    [Fact]
    public async Task TheNumberOfUsersIsTheSameBeforeAndAfterAddingUp()
    {
        foreach (var user in Some.Users(250).Append(Some.Guest))
        {
            await _instance.ApplyAsync(user, new PresenceEvent.Activity(_time.GetUtcNow()));
        }

        var before = await StatsAsync();
        await CleanUpAsync();
        await _instance.ApplyAsync(Some.Alice, new PresenceEvent.Activity(_time.GetUtcNow()));
        var after = await StatsAsync();
        Assert.Equal((250, 250, 1), (before.TotalUsers, before.OnlineUsers, before.OnlineAnonymous));
        Assert.Equal((251, 251, 1), (after.TotalUsers, after.OnlineUsers, after.OnlineAnonymous));
    }

    [Fact]
    public async Task MaintenanceIsActiveWhileSweepsCome()
    {
        Assert.False((await StatsAsync()).MaintenanceActive);
        await _instance.Sweep.RunAsync(Token);
        Assert.True((await StatsAsync()).MaintenanceActive);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False((await StatsAsync()).MaintenanceActive);
    }

    private Task<MaintenanceStats> StatsAsync() => _instance.Get<StatsReader>().ReadAsync(Token);

    private Task<CleanupReport> CleanUpAsync() => _instance.Get<Cleanup>().RunAsync(Token);
}
