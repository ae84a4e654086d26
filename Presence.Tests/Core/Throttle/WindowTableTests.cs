using Presence.Core.Domain;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public class WindowTableTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 300)]
    [InlineData(3, 5_000)]
    public void ItFindsWhatIsInItAndNothingElse(int seed, int users)
    {
        var (table, random) = (new WindowTable(), new Random(seed));
        var keys = Users(users);
        var inside = new Dictionary<PresenceKey, long>();
        for (var step = 0; step < 40_000; step++)
        {
            var user = keys[random.Next(keys.Length)];
            var slot = table.Find(user.Id, WindowTable.TagOf(user));
            Assert.Equal(inside.ContainsKey(user), slot >= 0);
            // As a tide: now most come, now most go.
            var comes = random.Next(4) < (step / 10_000 % 2 == 0 ? 3 : 1);
            if (slot < 0 && comes)
            {
                table[table.Add(user.Id, WindowTable.TagOf(user))].Known = inside[user] = step;
            }
            else if (slot >= 0)
            {
                Assert.Equal((user, inside[user]), (table[slot].User, table[slot].Known));
                if (!comes)
                {
                    inside.Remove(user);
                    table.Remove(slot);
                }
            }

            if (step % 1_000 == 0)
            {
                table.Shrink();
                Assert.InRange(table.Used, table.Count, Math.Max(16, 5 * table.Count));
            }

            Assert.Equal(inside.Count, table.Count);
        }
    }

    [Fact]
    public void AGuestIsNoRegisteredUserOfTheSameId()
    {
        var table = new WindowTable();
        var registered = PresenceKey.Registered("guest");
        table.Add(Guest.Id, WindowTable.TagOf(Guest));

        Assert.Equal(-1, table.Find(registered.Id, WindowTable.TagOf(registered)));
        Assert.Equal(Guest, table[table.Find(Guest.Id, WindowTable.TagOf(Guest))].User);
    }
}
