using Presence.Core.Domain;
using Presence.Core.Forecasting;
using Presence.Core.TableStorage;
using Presence.Core.Throttle;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What a forecast costs in requests to storage: as much of whoever's past may not be known.</summary>
public sealed class ForecastCostTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private static readonly PresenceKey Nobody = PresenceKey.Registered("nobody");

    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task AForecastReadsTheMonthsOfTheHistoryBesideBothUsers()
    {
        var instance = await OpenAsync(TimeSpan.FromDays(400));
        await instance.ApplyAsync(Alice, new Connected("c1", Clock.GetUtcNow()));
        await instance.ApplyAsync(Bob, new Connected("c2", Clock.GetUtcNow()));

        // From 3 July to 1 January are seven months, whether there is anything in them or not.
        Assert.Equal(7 + 1, await CostAsync(instance, Alice, Alice));
        Assert.Equal(7 + 1 + 1, await CostAsync(instance, Alice, Bob));
    }

    [Theory, InlineData("hides"), InlineData("gone"), InlineData("blocked"), InlineData("coarse and gone")]
    public async Task WhosePastMayNotBeKnownCostsWhatAnUnknownIdDoes(string why)
    {
        var instance = await OpenAsync(TimeSpan.FromDays(400));
        await instance.ApplyAsync(Alice, new Connected("c1", Clock.GetUtcNow()));
        await instance.ApplyAsync(Bob, new Connected("c2", Clock.GetUtcNow()));
        await (why switch
        {
            "hides" => instance.ApplyAsync(Bob, new PrivacyChosen(IsHidden: true, LastSeen: null)),
            "gone" => (Task)instance.ApplyAsync(Bob, new SignedOut()),
            "blocked" => instance.Get<Presence.Core.Engine.Relationships>().BlockAsync(Bob, Alice, holds: true, Cancellation),
            _ => CoarseAndGoneAsync(),
        });

        Assert.Equal(await CostAsync(instance, Alice, Nobody), await CostAsync(instance, Alice, Bob));

        async Task CoarseAndGoneAsync()
        {
            await instance.ApplyAsync(Bob, new PrivacyChosen(null, LastSeenPrecision.Coarse));
            await instance.ApplyAsync(Bob, new SignedOut());
        }
    }

    [Fact]
    public async Task WithoutHistoryItCostsNothing() => Assert.Equal(0, await CostAsync(await OpenAsync(TimeSpan.Zero), Alice, Bob));

    private async Task<Instance> OpenAsync(TimeSpan retention)
    {
        var instance = Create(options => options.HistoryRetention = retention, _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        await instance.Get<ThrottleKeys>().CurrentAsync();
        return instance;
    }

    private async Task<int> CostAsync(Instance instance, PresenceKey viewer, PresenceKey user)
    {
        _transport.Requests.Clear();
        await instance.Get<ForecastReader>().ReadAsync(viewer, user, TimeZoneInfo.Utc, Cancellation);
        return _transport.Requests.Count;
    }
}
