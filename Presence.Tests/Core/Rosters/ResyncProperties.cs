using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

/// <summary>Whatever a client has lost, it knows all after it has asked once with the version it has.</summary>
public sealed class ResyncProperties(ITestOutputHelper output)
{
    private const int Histories = 200;

    [Fact]
    public async Task AClientThatLostAnyMessagesKnowsAllAfterItHasAskedOnce()
    {
        var (changed, all, nothing) = (0, 0, 0);
        for (var seed = 0; seed < Histories; seed++)
        {
            var (clock, random) = (Clock(), new Random(seed));

            // The storage's clock is another one, and runs back by nearly 5 s.
            var store = new InMemoryPresenceStore { RosterClock = () => clock.GetUtcNow() - Seconds(60 + (random.NextDouble() * 4.99)) };
            await using var instance = Instance.OverMemory(store, clock);
            var history = new ResyncHistory(instance, clock, random);
            try
            {
                await history.RunAsync(rounds: 30);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}.", e);
            }

            (changed, all, nothing) = (changed + history.Answers.Changed, all + history.Answers.All, nothing + history.Answers.Nothing);
        }

        output.WriteLine($"{changed} answers named those who changed, {all} all, {nothing} nothing");
        Assert.True(changed > Histories && all > Histories && nothing > Histories, $"{changed} {all} {nothing}");
    }
}
