using Presence.Benchmarks.Report;

namespace Presence.Tests.Benchmarks.Report;

public sealed class DocumentTests
{
    [Fact]
    public void EachFigureStandsBesideItsGoal()
    {
        var text = Write(
            Line.Of("requests", 0.923, goal: Goal.AtMost(1)),
            Line.Of("connected", 279, goal: Goal.AtLeast(1_000)),
            Line.Of("Redis", 152.3, "µs"),
            Line.Missing("PostgreSQL", "only root may install it"));

        Assert.Contains("| requests | 0.92 | ≤ 1 | yes |", text, StringComparison.Ordinal);
        Assert.Contains("| connected | 279 | ≥ 1,000 | **no** |", text, StringComparison.Ordinal);
        Assert.Contains("| Redis | 152 µs |  |  |", text, StringComparison.Ordinal);
        Assert.Contains("| PostgreSQL | not measured: only root may install it |  |  |", text, StringComparison.Ordinal);
        Assert.Contains("Commit `abc`, on a machine.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AGoalMayBeAMultipleOfAPeer()
    {
        var goal = Goal.AtMostTimes(1.25, "nothing", 40);

        Assert.Equal("≤ 1.25 × nothing", goal.Text);
        Assert.True(goal.IsMet(50));
        Assert.False(goal.IsMet(51));
    }

    [Fact]
    public void ATableIsNotBrokenByWhatIsInIt() => Assert.Contains("| a \\| b |", Write(Line.Of("a | b", 1)), StringComparison.Ordinal);

    [Fact]
    public void TheMachineIsToldWithoutItsName() =>
        Assert.DoesNotContain(Environment.MachineName, Machine.Describe(), StringComparison.OrdinalIgnoreCase);

    private static string Write(params Line[] lines) => Document.Write("abc", "a machine", [new("Title", "How.", lines)]);
}
