using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Domain;

public class ConnectionSetTests
{
    [Fact]
    public void ClosingAllClosesEachAtTheMomentGiven()
    {
        var set = ConnectionSet.Empty.Opened("a", Start).Opened("b", Start).ClosedAt("c", Start);

        var closed = set.AllClosedAt(Start + Seconds(5));

        Assert.Empty(closed.Open);
        Assert.Equal([new("c", Start), new("a", Start + Seconds(5)), new("b", Start + Seconds(5))], closed.Closed.AsEnumerable());
        Assert.True(closed.IsClosed("a"));
        Assert.False(closed.IsOpen("a"));
    }

    [Fact]
    public void WithNoneOpenClosingAllChangesNothing()
    {
        var set = ConnectionSet.Empty.ClosedAt("c", Start);

        Assert.Same(set, set.AllClosedAt(Start + Seconds(5)));
    }

    [Fact]
    public void OfManyClosedAtOnceTheNewestAreRemembered()
    {
        var set = Enumerable.Range(0, ConnectionSet.MaxOpen).Aggregate(ConnectionSet.Empty, (s, i) => s.Opened($"c{i}", Start));

        var closed = set.AllClosedAt(Start);

        Assert.Equal(ConnectionSet.MaxClosed, closed.Closed.Length);
        Assert.True(closed.IsClosed($"c{ConnectionSet.MaxOpen - 1}"));
        Assert.False(closed.IsClosed("c0"));
    }
}
