using Microsoft.Extensions.DependencyInjection;
using Presence.Core.Costs;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class BudgetTests
{
    [Fact]
    public async Task AClientIsToldToCallLaterWhileTheSystemIsSparingAndNothingOfItOtherwise()
    {
        await using var system = await Target.OwnAsync(settings: [("MonthlyBudget", "1")]);
        var normal = (await system.NewUser("alice").ActAsync()).Data;
        Assert.False(normal.TryGetProperty("economy", out _));

        await using var sparing = await Target.OwnAsync(
            new LocalParts { Services = services => services.AddSingleton<IBudgetStore>(new Decided { Step = Economy.Thrifty }) }, ("MonthlyBudget", "1"));
        await Eventually.BecomesTrueAsync(
            async () => (await sparing.NewUser("bob").ActAsync()).Data.TryGetProperty("economy", out _), "the instance has learnt of the step");

        var began = TimeProvider.System.GetUtcNow();
        var answer = (await sparing.NewUser("carol").ActAsync()).Data;

        Assert.Equal("thrifty", answer.GetProperty("economy").GetString());
        Assert.True(answer.GetProperty("nextRecordAt").GetDateTimeOffset() >= began + TimeSpan.FromSeconds(129), answer.GetRawText());
        var batch = (await sparing.Backend.PostAsync("api/activity/batch", new[] { new { userId = sparing.NewUser("dave").Id } })).Data;
        Assert.Equal("thrifty", batch.GetProperty("economy").GetString());
        Assert.Equal("thrifty", (await sparing.Backend.GetAsync("maintenance/stats")).Data.GetProperty("cost").GetProperty("economy").GetString());
    }

    /// <summary>Another instance has just decided, whenever it is asked.</summary>
    private sealed class Decided : IBudgetStore
    {
        public Economy Step { get; init; }

        public Task<StoredBudget?> FindAsync(CancellationToken cancellationToken)
        {
            var now = TimeProvider.System.GetUtcNow();
            return Task.FromResult<StoredBudget?>(new(new(now, new(0, 0, 0, 0, 0, 0), [], null, Step, now), "tag"));
        }

        public Task<bool> TryKeepAsync(BudgetRecord record, string? tag, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
