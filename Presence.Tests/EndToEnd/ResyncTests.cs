using System.Net;
using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>What a client does that may have lost messages.</summary>
public class ResyncTests
{
    [Fact]
    public async Task WhoHasAllIsAnswered304WithoutABody()
    {
        var system = await Target.AnyAsync();
        var (alice, _, conversation) = await ConnectionTests.PairAsync(system);
        await alice.ActAsync();
        var whole = await AskAsync(alice, conversation);

        var answer = await alice.Caller.With("Presence-Activity", "passive").GetAsync(Path(conversation, whole.GetProperty("version").GetString()!));

        Assert.Equal((HttpStatusCode.NotModified, ""), (answer.Status, answer.Body));
        Assert.True(whole.GetProperty("isComplete").GetBoolean());
        Assert.Equal("names", whole.GetProperty("mode").GetString());
        Assert.Equal(
            ["conversationId", "occupancy", "users", "nextAfter", "version", "isComplete", "mode"], whole.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task WhoAsksSinceAVersionIsToldWhoChangedAndWhereSomebodyLeftAll()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        var carol = system.NewUser("carol");
        await system.JoinAsync(conversation, carol);
        await bob.ActAsync();

        // What was written in the 5 s before a version is told again; alice is not, once she has been quiet for longer.
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var version = await VersionAsync(bob, conversation);
                await bob.ChooseAsync(new { text = Guid.NewGuid().ToString("N")[..8] });
                var changed = await AskAsync(bob, conversation, version);
                Assert.Contains(bob.Id, Ids(changed));
                return !changed.GetProperty("isComplete").GetBoolean() && Ids(changed).Count == 1;
            },
            "only bob is told of");

        var before = await VersionAsync(bob, conversation);
        await system.LeaveAsync(conversation, carol);
        var all = await AskAsync(bob, conversation, before);
        Assert.True(all.GetProperty("isComplete").GetBoolean());
        Assert.Equal(new[] { alice.Id, bob.Id }.Order(StringComparer.Ordinal), Ids(all));
    }

    [Fact]
    public async Task ASnapshotCarriesTheVersionOfTheRoster()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await alice.ActAsync();
        await using var listener = await bob.ListenAsync();

        var part = Assert.Single(listener.Snapshot.GetProperty("conversations").EnumerateArray());

        Assert.Equal("names", part.GetProperty("mode").GetString());
        await Eventually.BecomesTrueAsync(
            async () => await VersionAsync(bob, conversation) == part.GetProperty("version").GetString(), "the roster is as the snapshot says");
    }

    [Fact]
    public async Task PagesCarryTheVersionFromOneToTheNextAndTheLastIsTheWhole()
    {
        var system = await Target.AnyAsync();
        var conversation = Some.Conversation();
        User[] members = [system.NewUser("a"), system.NewUser("b"), system.NewUser("c")];
        await system.JoinAsync(conversation, members);
        await members[0].ActAsync();
        var first = await AskAsync(members[0], conversation, more: "&limit=2");
        var open = first.GetProperty("version").GetString();

        var last = await AskAsync(members[0], conversation, more: $"&limit=2&after={first.GetProperty("nextAfter").GetString()}&version={open}");

        Assert.Equal(members.Select(m => m.Id), Ids(first).Concat(Ids(last)));
        Assert.True((await AskAsync(members[0], conversation, open)).GetProperty("isComplete").GetBoolean());
        Assert.Equal(
            HttpStatusCode.NotModified, (await PassivelyAsync(members[0], Path(conversation, last.GetProperty("version").GetString()!))).Status);
    }

    [Theory]
    [InlineData("since=a+b", "since")]
    [InlineData("since=%00", "since")]
    [InlineData("since=a&since=b", "since")]
    [InlineData("version=a.b", "version")]
    [InlineData("version=a&version=b", "version")]
    public async Task WhatCannotBeAVersionIsRefusedByItsName(string query, string field)
    {
        var system = await Target.AnyAsync();
        var (alice, _, conversation) = await ConnectionTests.PairAsync(system);

        (await alice.Caller.GetAsync($"api/conversations/{conversation}/presence?{query}")).MustRefuse(field);
    }

    [Theory, InlineData("a"), InlineData("AQ"), InlineData("Af__________________________________________")]
    public async Task OfAVersionThatIsNotKnownAllAreTold(string since)
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);

        var all = await AskAsync(alice, conversation, since);

        Assert.True(all.GetProperty("isComplete").GetBoolean());
        Assert.Equal(new[] { alice.Id, bob.Id }.Order(StringComparer.Ordinal), Ids(all));
    }

    private static string Path(string conversation, string? since, string more = "") =>
        $"api/conversations/{conversation}/presence?{(since is null ? "" : $"since={since}")}{more}";

    private static Task<Answer> PassivelyAsync(User user, string path) => user.Caller.With("Presence-Activity", "passive").GetAsync(path);

    private static async Task<JsonElement> AskAsync(User user, string conversation, string? since = null, string more = "") =>
        (await PassivelyAsync(user, Path(conversation, since, more))).Data;

    private static async Task<string> VersionAsync(User user, string conversation) =>
        (await AskAsync(user, conversation, "a")).GetProperty("version").GetString()!;

    private static List<string> Ids(JsonElement answer) => [.. answer.GetProperty("users").EnumerateArray().Select(u => u.GetProperty("userId").GetString()!)];
}
