using System.Globalization;

namespace Presence.Tests.Core.Engine;

/// <summary>
/// The specification as properties, over random sequences of events on several instances that share one store. A failure names its seed;
/// <c>PRESENCE_TEST_SEED</c> plays that one again.
/// </summary>
public sealed class PresencePropertyTests
{
    private const int Runs = 150;

    [Fact]
    public async Task WhateverHappensInWhateverOrderTheRulesHold()
    {
        foreach (var seed in Seeds())
        {
            try
            {
                await new RandomLife(seed).LiveAsync();
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {seed}: {failure}");
            }
        }
    }

    private static IEnumerable<int> Seeds() => Environment.GetEnvironmentVariable("PRESENCE_TEST_SEED") is { Length: > 0 } seed
        ? [int.Parse(seed, CultureInfo.InvariantCulture)]
        : Enumerable.Range(1, Runs);
}
