using Presence.Core.Domain;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>A user comes online just after it was found to have no online row, and just before its profile is read.</summary>
public sealed class OnlineBetweenReadsTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task JoiningIsNotLost()
    {
        var instance = await ComesBetweenReadsAsync(new Joined(Conversation));

        Assert.Equal([Conversation], (await LoadAsync(instance)).Conversations);
        Assert.Single((await instance.Rosters.ReadFreshAsync(Conversation, Cancellation)).Members);
    }

    [Fact]
    public async Task SigningOutIsNotLost() =>
        Assert.Equal(PresenceStatus.Offline, (await LoadAsync(await ComesBetweenReadsAsync(new SignedOut()))).Status);

    [Fact]
    public async Task AnErasureTakesNoHalfOfTheUser()
    {
        var instance = await ComesBetweenReadsAsync(new Erased());

        Assert.Equal((PresenceStatus.Offline, true), ((await LoadAsync(instance)).Status, (await LoadAsync(instance)).Profile is not null));
    }

    private async Task<Instance> ComesBetweenReadsAsync(PresenceEvent happened)
    {
        var (instance, other) = (Create(transport: _transport), Create());
        await other.ApplyAsync(Alice, new Activity(Start));
        await other.ApplyAsync(Alice, new SignedOut());
        Clock.Advance(Seconds(1));
        var came = false;
        _transport.OnRequest = request =>
        {
            if (!came && request.Uri.Path.Contains("us%3Aalice", StringComparison.Ordinal))
            {
                came = true;
                ComeOnline(other);
            }
        };

        await instance.ApplyAsync(Alice, happened);

        Assert.True(came);
        return instance;
    }

    private void ComeOnline(Instance other) =>
        Task.Run(() => other.ApplyAsync(Alice, new Activity(Clock.GetUtcNow())), Cancellation).Wait(Cancellation);

    private static async Task<UserRecords> LoadAsync(Instance instance) => (await instance.Store.LoadAsync(Alice, Cancellation)).Records;
}
