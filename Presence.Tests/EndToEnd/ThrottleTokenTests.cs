using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class ThrottleTokenTests
{
    private const string Header = "Presence-Token";

    [Fact]
    public async Task ARecordingCallAnswersWithATokenThatPagesMayReadAndAThrottledOneLeavesIt()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        var first = await alice.ActAsync();
        var second = await alice.ActAsync();

        Assert.InRange(first.Headers[Header].Length, 60, 200);
        Assert.Equal($"{Header}, Date", first.Headers["Access-Control-Expose-Headers"]);
        Assert.False(second.Headers.ContainsKey(Header));
    }

    [Fact]
    public async Task EveryCallThatIsActivityBringsAndTakesTheToken()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        var answer = (await alice.Caller.GetAsync("api/conversations")).MustBeOk();

        Assert.True(answer.Headers.ContainsKey(Header));
        (await alice.Caller.With(Header, answer.Headers[Header]).GetAsync("api/conversations")).MustBeOk();
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("../../etc/passwd")]
    [InlineData("AQAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task WhatIsNoTokenOfOursChangesNothing(string token)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        var answer = await alice.Caller.With(Header, token).PostAsync("api/activity");

        Assert.False(answer.Data.GetProperty("throttled").GetBoolean());
        Assert.Equal("online", answer.Text("status"));
    }

    [Fact]
    public async Task TheTokenOfAnotherUserChangesNothing()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var token = (await alice.ActAsync()).Headers[Header];

        var answer = await bob.Caller.With(Header, token).PostAsync("api/activity");

        Assert.False(answer.Data.GetProperty("throttled").GetBoolean());
    }
}
