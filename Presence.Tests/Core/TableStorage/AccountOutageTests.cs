using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using Presence.Core.Throttle;
using Presence.LocalHost.Azurite;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>One of two storage accounts is gone, the first or the other: the users of the one left notice nothing.</summary>
public sealed class AccountOutageTests : IAsyncLifetime
{
    private const int Shards = 4;

    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _clock = Clock();
    private readonly AzuriteServer[] _accounts = new AzuriteServer[2];
    private readonly List<AzuriteServer> _running = [];
    private readonly string _table = "t" + Guid.NewGuid().ToString("N");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _accounts[0] = await AzuriteFixture.StartAsync();
        _running.Add(_accounts[0]);
        _accounts[1] = await AzuriteFixture.StartAsync();
        _running.Add(_accounts[1]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var account in _running)
        {
            await account.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task OnlyCallsAboutItsOwnUsersFail(int stopped)
    {
        await using var instance = Create();
        await ComeAsync(instance);

        await StopAsync(stopped);
        _clock.Advance(Seconds(65));

        foreach (var user in UsersOf(1 - stopped))
        {
            await instance.Recorder.RecordAsync(user, _clock.GetUtcNow());
            Assert.Equal(_clock.GetUtcNow(), (await instance.ViewAsync(user)).LastActiveAt);
            await instance.ApplyAsync(user, new SignedOut());
        }

        foreach (var user in UsersOf(stopped))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Recorder.RecordAsync(user, _clock.GetUtcNow()).AsTask());
        }

        Assert.Equal(UsersOf(1 - stopped).Length, instance.Realtime.Told.Count(v => v.Status == PresenceStatus.Offline));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ABatchRecordsTheUsersOfTheOtherAndNamesTheRest(int stopped)
    {
        await using var instance = Create();
        await ComeAsync(instance);

        await StopAsync(stopped);
        _clock.Advance(Seconds(65));
        var users = Users(40);
        var done = await instance.Get<ActivityBatch>().RecordAsync([.. users.Select(user => new ToldActivity(user))], _clock.GetUtcNow(), Cancellation);

        Assert.Equal((UsersOf(1 - stopped).Length, 0, 0), (done.Recorded, done.Throttled, done.Ignored));
        Assert.Equal(UsersOf(stopped), done.Failed.Select(failed => users[failed.Index]));
        Assert.All(done.Failed, failed => Assert.IsType<StoreUnavailableException>(failed.Failure));
    }

    /// <summary>Sweeps that do not come through make a gap, in which everybody has one window more.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task TheSweepOfTheOtherShardsGoesOn(int stopped)
    {
        await using var instance = Create();
        await ComeAsync(instance);
        await instance.Sweep.RunAsync(Cancellation);

        await StopAsync(stopped);
        _clock.Advance(TimeSpan.FromMinutes(5) + Seconds(65));
        var report = await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal(Shards / 2, report.FailedShards);
        Assert.Equal(UsersOf(1 - stopped).Length, report.Transitions);
        Assert.Equal(
            UsersOf(1 - stopped).Select(u => u.ToString()).Order(StringComparer.Ordinal),
            instance.Realtime.Told.Where(v => v.Status == PresenceStatus.Offline).Select(v => v.UserId).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task AnInstanceThatStartsServesTheUsersOfTheOther(int stopped)
    {
        await using (var before = Create())
        {
            await ComeAsync(before);
        }

        await StopAsync(stopped);
        await using var instance = Create();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Get<PresenceTable>().OpenAsync(Cancellation));

        foreach (var user in UsersOf(1 - stopped))
        {
            Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(user)).Status);
        }
    }

    /// <summary>Nobody could say whether the table it would be made for is ours.</summary>
    [Fact]
    public async Task APartThatWasNeverMadeWaitsForTheFirstAccount()
    {
        await StopAsync(0);
        await using var instance = Create();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.ApplyAsync(UsersOf(1)[0], new Activity(Start)));
    }

    [Fact]
    public async Task OtherAccountsAreRefusedByTheOneLeft()
    {
        await using (var before = Create())
        {
            await ComeAsync(before);
        }

        await StopAsync(0);
        await using var instance = Create(o => o.StorageAccounts += "," + _accounts[0].ConnectionString.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

        await Assert.ThrowsAsync<StorageAccountsMismatchException>(() => instance.Get<PresenceTable>().OpenAsync(Cancellation));
    }

    [Fact]
    public async Task WhatWindowsHoldBackOfItsUsersDoesNotHoldUpTheOthers()
    {
        await using var instance = Create();
        await ComeAsync(instance);
        _clock.Advance(Seconds(30));
        foreach (var user in Users(40))
        {
            await instance.Recorder.RecordAsync(user, _clock.GetUtcNow());
        }

        var last = _clock.GetUtcNow();
        await StopAsync(1);
        await instance.Get<HeldActivityWriter>().WriteAsync(all: true, Cancellation);

        foreach (var user in UsersOf(0))
        {
            Assert.Equal(last, (await instance.ViewAsync(user)).LastActiveAt);
        }
    }

    private static PresenceKey[] UsersOf(int account) => [.. Users(40).Where(user => TableKeys.Shard(user, Shards) % 2 == account)];

    private static async Task ComeAsync(Instance instance)
    {
        foreach (var user in Users(40))
        {
            await instance.Recorder.RecordAsync(user, Start);
        }
    }

    private ValueTask StopAsync(int account)
    {
        _running.Remove(_accounts[account]);
        return _accounts[account].DisposeAsync();
    }

    private Instance Create(Action<PresenceOptions>? change = null) => Instance.OverTable(_accounts[0].ConnectionString, _clock, options =>
    {
        (options.TableName, options.ShardCount, options.StorageAccounts) = (_table, Shards, _accounts[1].ConnectionString);
        change?.Invoke(options);
    });
}
