using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Rosters;
using Presence.Core.TableStorage;
using Presence.Core.Throttle;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What it costs in requests to storage to say who sees whom, and to keep to it. Whoever may not be seen costs what an id does that nobody knows.</summary>
public sealed class SightCostTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private const string Other = "team-2";

    private static readonly PresenceKey Nobody = PresenceKey.Registered("nobody");

    private readonly FaultyTransport _transport = new();

    public static TheoryData<string> Unseen => ["hidden", "invisible", "stranger", "blocked", "in a blocked conversation", "gone"];

    [Theory, MemberData(nameof(Unseen))]
    public async Task WhoMayNotBeSeenCostsWhatAnUnknownIdDoes(string why)
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Joined(Conversation));
        await instance.ApplyAsync(Bob, new Joined(why == "stranger" ? Other : Conversation));
        await instance.ApplyAsync(Bob, new Connected("c1", Clock.GetUtcNow()));
        await (why switch
        {
            "hidden" => instance.ApplyAsync(Bob, new PrivacyChosen(IsHidden: true, LastSeen: null)),
            "invisible" => instance.ApplyAsync(Bob, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible))),
            "gone" => instance.ApplyAsync(Bob, new SignedOut()),
            "blocked" => instance.Get<Relationships>().BlockAsync(Bob, Alice, holds: true, Cancellation),
            "in a blocked conversation" => BlockInAsync(instance),
            _ => Task.CompletedTask,
        });
        var others = Users(3);

        Assert.Equal(await CostAsync(() => ReadAsync(instance, Nobody)), await CostAsync(() => ReadAsync(instance, Bob)));
        Assert.Equal(await CostAsync(() => ReadAsync(instance, [Nobody, .. others])), await CostAsync(() => ReadAsync(instance, [Bob, .. others])));
        Assert.Equal(PresenceStatus.Offline, Assert.Single(await ReadAsync(instance, Bob)).Status);
    }

    [Fact]
    public async Task ABlockCostsOfEachOfTheTwoALookAWriteItsRosterAndACrossingOut()
    {
        var instance = await OpenAsync();
        await HereAsync(instance);

        Assert.Equal(2 * (1 + 1 + 1 + 1), await CostAsync(() => BlockAsync(instance, holds: true)));
        Assert.Equal(2, await CostAsync(() => BlockAsync(instance, holds: true)));

        // And of both how they stand, before one is told that the other is here.
        Assert.Equal(2 * (1 + 1 + 1 + 1 + 2), await CostAsync(() => BlockAsync(instance, holds: false)));
    }

    [Fact]
    public async Task WhereUsersMayHideWhenTheyWereActiveABlockLooksAtWhomItTellsAsWell()
    {
        var instance = await OpenAsync(o => o.LastSeenCanBeHidden = true);
        await HereAsync(instance);

        Assert.Equal(2 * (1 + 1 + 1 + 1 + 1), await CostAsync(() => BlockAsync(instance, holds: true)));
    }

    [Fact]
    public async Task NewsOfOneWhoHasBlockedOthersCostsALookForThemAllTogether()
    {
        var instance = await OpenAsync();
        await HereAsync(instance);
        var plain = await CostAsync(() => ChooseAsync(instance, ChosenAvailability.Busy));
        await BlockAsync(instance, holds: true);

        Assert.Equal(plain + 1, await CostAsync(() => ChooseAsync(instance, ChosenAvailability.Away)));
    }

    [Fact]
    public async Task ToTellOfJoiningAndLeavingCostsNoRequestMore()
    {
        var instance = await OpenAsync();

        // A look, a write, the roster, a crossing out.
        Assert.Equal(4, await CostAsync(() => instance.ApplyAsync(Alice, new Joined(Conversation))));
        Assert.Equal(1, await CostAsync(() => instance.ApplyAsync(Alice, new Joined(Conversation))));
        await instance.ApplyAsync(Alice, new Joined(Other));
        await instance.ApplyAsync(Alice, new Connected("c1", Clock.GetUtcNow()));

        // And a look whether it is still so.
        Assert.Equal(4 + 1, await CostAsync(() => instance.ApplyAsync(Alice, new Left(Conversation))));
    }

    [Fact]
    public async Task JoiningAConversationCostsTwoLooksMoreWhetherSomebodyHasBlockedIt()
    {
        var instance = await OpenAsync();
        var relationships = instance.Get<Relationships>();

        Assert.Equal(
            2 + await CostAsync(() => instance.ApplyAsync(Alice, new Joined(Conversation))),
            await CostAsync(() => relationships.JoinAsync(Bob, Conversation, Cancellation)));
    }

    [Fact]
    public async Task AnAllowanceCostsTwoLooksAndTwoWrites()
    {
        var instance = await OpenAsync();
        await HereAsync(instance);
        var relationships = instance.Get<Relationships>();

        Assert.Equal(2 + 2, await CostAsync(() => relationships.AllowAsync(Alice, Bob, holds: true, Cancellation)));
        Assert.Equal(2, await CostAsync(() => relationships.AllowAsync(Alice, Bob, holds: true, Cancellation)));
        Assert.Equal(1 + 1, await CostAsync(() => relationships.AllowInAsync(Alice, Other, holds: true, Cancellation)));
    }

    [Fact]
    public async Task ARosterCostsAQueryMoreForEachConversationThatTheViewerHasBlocked()
    {
        var instance = await OpenAsync(o => o.RosterCacheFor = TimeSpan.Zero);
        await HereAsync(instance);
        var directory = instance.Get<ConversationDirectory>();
        Assert.Equal(2, await CostAsync(() => directory.ReadAsync(Alice, Conversation, Cancellation)));
        await BlockAsync(instance, holds: true);
        Assert.Equal(2, await CostAsync(() => directory.ReadAsync(Alice, Conversation, Cancellation)));

        await instance.Get<Relationships>().BlockInAsync(Alice, Other, holds: true, Cancellation);

        Assert.Equal(3, await CostAsync(() => directory.ReadAsync(Alice, Conversation, Cancellation)));
    }

    private static Task<IReadOnlyList<PresenceView>> ReadAsync(Instance instance, params PresenceKey[] users) =>
        instance.Get<PresenceReader>().ReadAsync(Alice, users, Cancellation);

    private static Task BlockAsync(Instance instance, bool holds) => instance.Get<Relationships>().BlockAsync(Alice, Bob, holds, Cancellation);

    private static async Task BlockInAsync(Instance instance)
    {
        await instance.ApplyAsync(Alice, new Joined(Other));
        await instance.Get<Relationships>().BlockInAsync(Bob, Other, holds: true, Cancellation);
    }

    private static async Task HereAsync(Instance instance)
    {
        foreach (var user in (PresenceKey[])[Alice, Bob])
        {
            await instance.ApplyAsync(user, new Joined(Conversation));
            await instance.ApplyAsync(user, new Activity(Start));
        }
    }

    private static async Task ChooseAsync(Instance instance, ChosenAvailability availability) =>
        await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(availability)));

    private async Task<Instance> OpenAsync(Action<PresenceOptions>? change = null)
    {
        var instance = Create(change, _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        await instance.Get<ThrottleKeys>().CurrentAsync();
        return instance;
    }

    private async Task<int> CostAsync(Func<Task> call)
    {
        _transport.Requests.Clear();
        await call();
        return _transport.Requests.Count;
    }
}
