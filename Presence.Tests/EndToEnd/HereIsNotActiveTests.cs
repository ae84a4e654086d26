using System.Net;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>A connection says that a user is here; only what a person does says that the user is active.</summary>
public class HereIsNotActiveTests
{
    [Fact]
    public async Task WhoIsAwayStaysAwayWhenAConnectionDropsOrAnotherComes()
    {
        await using var system = await Target.OwnAsync(settings: ("AwayAfter", "00:00:02"));
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        var first = await alice.ListenAsync();
        await listener.Inbox.MustHearAsync(alice, "online");
        await listener.Inbox.MustHearAsync(alice, "away");
        var lastActive = await LastActiveAsync(alice, bob);

        await first.DisposeAsync();
        await using var second = await alice.ListenAsync();
        await using var third = await alice.ListenAsync();
        await ConnectionTests.SweepsPassAsync(system, count: 3);

        Assert.Equal("away", await PassiveStatusAsync(alice, bob));
        Assert.Equal(lastActive, await LastActiveAsync(alice, bob));
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task WhoOnlyPollsPassivelyIsNotHere()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var passive = alice.Caller.With("Presence-Activity", "passive");

        (await passive.GetAsync("api/conversations")).MustBeOk();
        Assert.Equal("offline", (await passive.PostAsync("api/activity")).MustBeOk().Text("status"));

        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
    }

    [Fact]
    public async Task NegotiatingIsNoActivity()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));

        (await alice.Caller.PostAsync("api/negotiate")).MustBeOk();

        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
    }

    [Fact]
    public async Task WhatTheClientSaysOfTheLastActivityIsToldWhenItConnects()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var at = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(2);

        await using var listener = await alice.ListenAsync(activeAt: at);

        Assert.Equal("online", await alice.StatusSeenByAsync(bob));
        Assert.InRange(await LastActiveAsync(alice, bob) - at, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task ActivityMayHaveHappenedEarlier()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var at = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);

        (await alice.Caller.With("Presence-Active-At", at.ToString("O")).PostAsync("api/activity")).MustBeOk();

        Assert.InRange(await LastActiveAsync(alice, bob) - at, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task ActivityOfLongAgoBringsNobodyBack()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var at = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6);

        (await alice.Caller.With("Presence-Active-At", at.ToString("O")).PostAsync("api/activity")).MustBeOk();

        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
    }

    [Theory]
    [InlineData("Presence-Active-At", "yesterday")]
    [InlineData("Presence-Activity", "lazy")]
    public async Task ABadValueIsRefusedByTheNameOfItsHeader(string header, string value)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        var answer = (await alice.Caller.With(header, value).PostAsync("api/activity")).MustBe(HttpStatusCode.BadRequest, "invalid_input");

        Assert.Contains(header, answer.Body, StringComparison.Ordinal);
        Assert.Equal("offline", await alice.StatusSeenByAsync(system.NewUser("bob")));
    }

    [Fact]
    public async Task LastSeenIsTheLastCallEvenInsideTheWindow()
    {
        await using var system = await Target.OwnAsync(
            settings: [("ThrottleWindow", "00:00:05"), ("OfflineAfter", "00:00:40"), ("AwayAfter", "00:00:40")]);
        var (alice, bob, _) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");
        using var pause = new PeriodicTimer(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);

        var before = TimeProvider.System.GetUtcNow();
        await alice.ActAsync();
        var after = TimeProvider.System.GetUtcNow();

        await Eventually.BecomesTrueAsync(async () => await LastActiveAsync(alice, bob) >= before - TimeSpan.FromMilliseconds(1), "the call is recorded");
        Assert.InRange(await LastActiveAsync(alice, bob), before - TimeSpan.FromMilliseconds(1), after + TimeSpan.FromMilliseconds(1));
    }

    private static async Task<string> PassiveStatusAsync(User user, User other) =>
        (await other.Caller.With("Presence-Activity", "passive").GetAsync($"api/presence/{user.Id}")).Text("status");

    private static async Task<DateTimeOffset> LastActiveAsync(User user, User other) =>
        (await other.Caller.With("Presence-Activity", "passive").GetAsync($"api/presence/{user.Id}")).Data.GetProperty("lastActiveAt").GetDateTimeOffset();
}
