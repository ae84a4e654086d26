using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class OddUserIdTests
{
    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a%b")]
    [InlineData("a b+c&d=e")]
    [InlineData("a\tb\u0001c\u007fd\u0085e")]
    [InlineData("😀 ünï")]
    [InlineData("a|b'c\"d")]
    [InlineData("..")]
    public async Task AnyIdIsHeardLookedUpAndConnects(string id)
    {
        var system = await Target.AnyAsync();
        var (odd, bob, conversation) = (system.UserOf($"{id}{Guid.NewGuid():N}"[..^20]), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, odd, bob);
        await using var listener = await bob.ListenAsync();

        await using var tab = await odd.ListenAsync();

        await listener.Inbox.MustHearAsync(odd, "online");
        Assert.Equal("online", await odd.StatusSeenByAsync(bob));
        var many = (await bob.Caller.GetAsync($"api/presence?ids={Uri.EscapeDataString(odd.Id)}")).Data.GetProperty("users");
        Assert.Equal(odd.Id, Assert.Single(many.EnumerateArray()).GetProperty("userId").GetString());
        await odd.SignOutAsync();
        await listener.Inbox.MustHearAsync(odd, "offline");
    }

    [Fact]
    public async Task TheLongestIdIsTaken()
    {
        var system = await Target.AnyAsync();
        var longest = system.UserOf(string.Concat(Guid.NewGuid().ToString("N"), new string('語', 96)));

        await longest.ActAsync();

        Assert.Equal("online", await longest.StatusSeenByAsync(system.NewUser("bob")));
    }
}
