using Presence.Core.Domain;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What every store must do for a user to be erased without a trace, and without an error in the count of users.</summary>
public abstract class ErasureStoreContract(AzuriteFixture azurite) : TableTests(azurite)
{
    private protected abstract Instance Instance { get; }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnErasedUserCountsNoMoreWhetherAddedUpOrNot(bool addedUp)
    {
        foreach (var user in Users(3))
        {
            await Instance.ApplyAsync(user, new Activity(Start));
        }

        if (addedUp)
        {
            await AddUpAsync();
        }

        await EraseAsync(Users(1)[0]);
        Assert.Equal(2, await CountAsync());
        await AddUpAsync();
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task AnErasedUserWhoReturnsCountsAgain()
    {
        await Instance.ApplyAsync(Alice, new Activity(Start));
        await EraseAsync(Alice);
        Clock.Advance(Seconds(1));

        await Instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task OneWhoWasNeverOnlineWasNeverCounted()
    {
        await Instance.ApplyAsync(Bob, new Activity(Start));
        await AddUpAsync();
        await Instance.ApplyAsync(Alice, new Joined(Conversation));

        await EraseAsync(Alice);
        await EraseAsync(PresenceKey.Registered("nobody"));

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task AGuestIsErasedWithoutTouchingTheCount()
    {
        await Instance.ApplyAsync(Bob, new Activity(Start));
        await AddUpAsync();
        await Instance.ApplyAsync(Guest, new Activity(Start));

        await EraseAsync(Guest);

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task AllRowsAreCountedAndNoneThatIsAccountedForIsAStray()
    {
        await Instance.ApplyAsync(Alice, new Joined("a"));
        await Instance.ApplyAsync(Alice, new Joined("b"));
        await Instance.ApplyAsync(Alice, new Activity(Start));

        // Online, profile, count, and a place in two rosters; the second look finds them all still there.
        Assert.Equal(5, await RemoveStraysAsync(Alice));
        Assert.Equal(5, await RemoveStraysAsync(Alice));
        Assert.Equal(["alice"], await RosterAsync("a"));
        Assert.Equal(0, await RemoveStraysAsync(Bob));
    }

    [Fact]
    public async Task ACountThatNoRecordAccountsForIsAStray()
    {
        await PlantCountAsync(Alice);
        Assert.Equal(1, await CountAsync());

        Assert.Equal(1, await RemoveStraysAsync(Alice));

        Assert.Equal(0, await CountAsync());
    }

    private protected abstract Task PlantAsync(string conversation, PresenceKey user);

    private protected abstract Task PlantCountAsync(PresenceKey user);

    private protected abstract Task AddUpAsync();

    private protected abstract Task<long> CountAsync();

    private Task<int> RemoveStraysAsync(PresenceKey user) => Instance.Get<IErasureStore>().RemoveStraysAsync(user, Cancellation);

    private async Task EraseAsync(PresenceKey user)
    {
        while ((await Instance.ApplyAsync(user, new Erased())).After.Profile?.ErasedAt is null)
        {
        }
    }

    private async Task<IEnumerable<string>> RosterAsync(string conversation) =>
        (await Instance.Rosters.ReadFreshAsync(conversation, Cancellation)).Members.Select(m => m.UserId);
}
