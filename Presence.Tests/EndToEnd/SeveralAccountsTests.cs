using System.Net;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.TableStorage;
using Presence.LocalHost.Azurite;
using Presence.Tests.Core.TableStorage;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>A system over two storage accounts.</summary>
public sealed class SeveralAccountsTests : IAsyncLifetime
{
    private readonly List<AzuriteServer> _accounts = [];

    public async ValueTask InitializeAsync()
    {
        Target.SkipElsewhere("stops one of two storage accounts");
        _accounts.Add(await AzuriteFixture.StartAsync());
        _accounts.Add(await AzuriteFixture.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var account in _accounts)
        {
            await account.DisposeAsync();
        }
    }

    [Fact]
    public async Task EverybodyMeetsWhereverTheyLie()
    {
        await using var system = await StartAsync();
        var (here, there) = (NewUser(system, account: 0), NewUser(system, account: 1));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, here, there);
        await using var listener = await here.ListenAsync();

        await there.ActAsync();
        await listener.Inbox.MustHearAsync(there, "online");
        await there.SignOutAsync();
        await listener.Inbox.MustHearAsync(there, "offline");
    }

    [Fact]
    public async Task WhileOneIsGoneOnlyCallsThatNeedItAre503()
    {
        await using var system = await StartAsync();
        var (kept, leaving, lost) = (NewUser(system, account: 0), NewUser(system, account: 0), NewUser(system, account: 1));
        await leaving.ActAsync();
        await lost.ActAsync();

        var stopped = _accounts[1];
        _accounts.RemoveAt(1);
        await stopped.DisposeAsync();

        await kept.ActAsync();
        Assert.Equal("online", await kept.StatusSeenByAsync(leaving));
        Assert.Equal(HttpStatusCode.OK, (await system.Backend.GetAsync("maintenance/status-metrics")).Status);
        (await kept.Caller.GetAsync($"api/presence?userId={lost.Id}")).MustBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");
        (await NewUser(system, account: 1).Caller.PostAsync("api/activity")).MustBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");
        (await system.Backend.GetAsync("maintenance/stats")).MustBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");

        // By the sweep, which goes on.
        await Eventually.BecomesTrueAsync(async () =>
        {
            await kept.ActAsync();
            return await leaving.StatusSeenByAsync(kept) == "offline";
        }, "who stopped calling is offline");
        Assert.Equal("online", await kept.StatusSeenByAsync(kept));
    }

    private async Task<PresenceSystem> StartAsync() => await Target.OwnAsync(
        new() { Storage = _accounts[0].ConnectionString },
        (nameof(PresenceOptions.StorageAccounts), _accounts[1].ConnectionString),
        (nameof(PresenceOptions.ThrottleWindow), "00:00:01"),
        (nameof(PresenceOptions.OfflineAfter), "00:00:04"));

    private static User NewUser(PresenceSystem system, int account)
    {
        while (true)
        {
            var user = system.NewUser("user");
            if (TableKeys.Shard(PresenceKey.Registered(user.Id), 16) % 2 == account)
            {
                return user;
            }
        }
    }
}
