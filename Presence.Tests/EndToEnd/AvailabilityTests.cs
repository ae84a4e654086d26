using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>What users choose that others see.</summary>
public class AvailabilityTests
{
    private static readonly string[] Fields = ["availability", "text", "emoji"];

    [Fact]
    public async Task AChoiceIsToldToOthersAndToOnesOwnOtherDevices()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await using var device = await alice.ListenAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        var own = await alice.ChooseAsync(new { availability = "busy", text = "on a train", emoji = "🚆", until = "PT30M" });

        var heard = await listener.Inbox.MustHearAsync(alice, "online");
        Assert.Equal("busy on a train 🚆", Shown(heard));
        Assert.Equal(Shown(heard), Shown((await bob.Caller.GetAsync($"api/presence?userId={alice.Id}")).Data));
        var roster = (await bob.Caller.GetAsync($"api/conversations/{conversation}/presence")).Data;
        Assert.Equal(Shown(heard), Shown(roster.GetProperty("users").EnumerateArray().Single(u => u.GetProperty("userId").GetString() == alice.Id)));
        Assert.Equal(own.Data.GetProperty("choice").ToString(), (await device.Inbox.OfOneselfAsync()).GetProperty("choice").ToString());
        Assert.Equal(own.Data.ToString(), (await alice.Caller.GetAsync("api/presence/me")).Data.ToString());

        (await alice.Caller.SendAsync(HttpMethod.Delete, "api/presence/me/availability")).MustBeOk();
        Assert.Equal("available", Shown(await listener.Inbox.MustHearAsync(alice, "online")));
        Assert.Equal(JsonValueKind.Null, (await device.Inbox.OfOneselfAsync()).GetProperty("choice").ValueKind);
    }

    [Fact]
    public async Task WhatTheApplicationSaysCountsUntilTheUserSaysOtherwise()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, _) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        (await system.Backend.SendAsync(
            HttpMethod.Put, $"maintenance/availability/{alice.Id}", JsonContent.Create(new { availability = "doNotDisturb", text = "Board meeting" }))).MustBeOk();
        Assert.Equal("doNotDisturb Board meeting", Shown(await listener.Inbox.MustHearAsync(alice, "online")));

        await alice.ChooseAsync(new { availability = "available" });
        Assert.Equal("available Board meeting", Shown(await listener.Inbox.MustHearAsync(alice, "online")));

        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/availability?userId={alice.Id}")).MustBeOk();
        Assert.Equal("available", Shown(await listener.Inbox.MustHearAsync(alice, "online")));
    }

    [Fact]
    public async Task AChoiceEndsByItself()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, _) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        await alice.ChooseAsync(new { availability = "busy", until = "PT2S" });

        Assert.Equal("busy", Shown(await listener.Inbox.MustHearAsync(alice, "online")));
        Assert.Equal("available", Shown(await listener.Inbox.MustHearAsync(alice, "online")));
    }

    [Fact]
    public async Task AnInvisibleUserIsGoneToOthersAndHearsOn()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await using var hidden = await alice.ListenAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        await alice.ChooseAsync(new { availability = "invisible" });

        var left = await listener.Inbox.MustHearAsync(alice, "offline");
        await using var second = await alice.ListenAsync();
        await alice.ActAsync();
        var seen = (await bob.Caller.GetAsync($"api/presence/{alice.Id}")).Data;
        Assert.Equal(left.ToString(), seen.ToString());
        Assert.Equal(left.ToString(), (await bob.Caller.GetAsync($"api/presence?ids={alice.Id}")).Data.GetProperty("users")[0].ToString());
        var counts = (await bob.Caller.GetAsync($"api/conversations/{conversation}/presence")).Data.GetProperty("occupancy");
        Assert.Equal((2, 1), (counts.GetProperty("members").GetInt32(), counts.GetProperty("online").GetInt32()));
        Assert.Equal("online invisible", OwnOf(await alice.Caller.GetAsync("api/presence/me")));
        await listener.MustHaveHeardNothingAsync(system, conversation);

        await alice.ChooseAsync(new { });
        await listener.Inbox.MustHearAsync(alice, "online");
    }

    [Fact]
    public async Task WhoTurnsInvisibleBeforeItComesWasNeverHere()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();

        await alice.ChooseAsync(new { availability = "invisible" });
        await alice.ActAsync();
        await using var hidden = await alice.ListenAsync();

        await listener.MustHaveHeardNothingAsync(system, conversation);
        Assert.Equal(JsonValueKind.Null, (await bob.Caller.GetAsync($"api/presence/{alice.Id}")).Data.GetProperty("lastSeenAt").ValueKind);
    }

    [Fact]
    public async Task ATokenFromBeforeASignOutChoosesNothing()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await alice.SignOutAsync();

        (await alice.Caller.SendAsync(HttpMethod.Put, "api/presence/me", Json("""{"text":"still here"}"""))).MustBe(HttpStatusCode.Forbidden, "signed_out");
        await alice.ActAsync();
        await alice.ChooseAsync(new { text = "back" });
    }

    [Theory]
    [InlineData("""{"availability":"sleepy"}""", "availability")]
    [InlineData("""{"text":"\n\n"}""", "text")]
    [InlineData("""{"availability":7}""", "availability")]
    [InlineData("""{"text":7}""", "text")]
    [InlineData("""{"text":"a\nb"}""", "text")]
    [InlineData("""{"text":"\u202Eevil"}""", "text")]
    [InlineData("""{"emoji":"🚆🚆"}""", "emoji")]
    [InlineData("""{"emoji":" "}""", "emoji")]
    [InlineData("""{"until":"tomorrow"}""", "until")]
    [InlineData("""{"until":"P"}""", "until")]
    [InlineData("""{"until":"PT"}""", "until")]
    [InlineData("""{"until":"P1M"}""", "until")]
    [InlineData("""{"until":"PT0S"}""", "until")]
    [InlineData("""{"until":"P367D"}""", "until")]
    [InlineData("""{"until":"PT999999999M"}""", "until")]
    [InlineData("""{"until":"2020-01-01T00:00:00Z"}""", "until")]
    [InlineData("""{"until":"2099-01-01T00:00:00Z"}""", "until")]
    [InlineData("""{"mood":"fine"}""", "mood")]
    public async Task BadInputIsRefusedByNameAndChangesNothing(string body, string field)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        (await alice.Caller.SendAsync(HttpMethod.Put, "api/presence/me", Json(body))).MustRefuse(field);
        (await system.Backend.SendAsync(HttpMethod.Put, $"maintenance/availability/{alice.Id}", Json(body))).MustRefuse(field);

        var own = (await alice.Caller.GetAsync("api/presence/me")).Data;
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (own.GetProperty("choice").ValueKind, own.GetProperty("applicationChoice").ValueKind));
    }

    [Fact]
    public async Task ATextOf80CharactersFitsAndOneOf81DoesNotWhateverTheyAre()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        var text = string.Concat(Enumerable.Repeat("🚆", 80));

        Assert.Equal(text, (await alice.ChooseAsync(new { text, emoji = "👩🏽‍🤝‍👨🏿" })).Data.GetProperty("choice").GetProperty("text").GetString());
        (await alice.Caller.SendAsync(HttpMethod.Put, "api/presence/me", JsonContent.Create(new { text = text + "a" }))).MustRefuse("text");
    }

    [Fact]
    public async Task TheApplicationMakesNobodyInvisible()
    {
        var system = await Target.AnyAsync();

        (await system.Backend.SendAsync(HttpMethod.Put, "maintenance/availability/alice", Json("""{"availability":"invisible"}"""))).MustRefuse("availability");
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private static string Shown(JsonElement view) => string.Join(
        ' ',
        Fields.Select(name => view.TryGetProperty(name, out var value) ? value.GetString() : null).Where(text => text is not null));

    private static string OwnOf(Answer answer) => $"{answer.Text("status")} {answer.Data.GetProperty("choice").GetProperty("availability").GetString()}";
}
