using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Presence.LocalHost.SignalR;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>A client says whom a connection of its own watches, while it is open.</summary>
public class WatchTests
{
    [Fact]
    public async Task FiveHundredAreWatchedOnOneConnectionAndNobodyElseHears()
    {
        await using var system = await EverybodyAsync();
        var (alice, bob, dave) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("dave"));
        await using var listener = await alice.ListenAsync();
        await using var other = await alice.ListenAsync();
        string[] ids = [.. Enumerable.Range(0, 499).Select(i => $"{i}-{Guid.NewGuid()}"), bob.Id];

        var began = Stopwatch.GetTimestamp();
        var answer = await PutAsync(alice, listener, ids);

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Equal((500, 500, true), (answer.GetProperty("watching").GetInt32(), answer.GetProperty("users").GetArrayLength(), answer.GetProperty("isComplete").GetBoolean()));
        await bob.ActAsync();
        await listener.Inbox.MustHearAsync(bob, "online");
        await bob.SignOutAsync();
        await listener.Inbox.MustHearAsync(bob, "offline");

        await PatchAsync(alice, listener, add: [dave.Id], remove: [bob.Id]);
        await bob.ActAsync();
        await dave.ActAsync();
        await listener.Inbox.MustHearAsync(dave, "online");
        await PutAsync(alice, other, dave.Id);
        await dave.SignOutAsync();
        await listener.Inbox.MustHearAsync(dave, "offline");
        await other.Inbox.MustHearAsync(dave, "offline");
    }

    [Fact]
    public async Task AListIsReadWhatHasChangedSinceAndNothing()
    {
        await using var system = await EverybodyAsync();
        var (alice, bob, carol) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("carol"));
        await bob.ActAsync();
        await carol.ActAsync();
        await using var listener = await alice.ListenAsync();
        await PutAsync(alice, listener, bob.Id, carol.Id);
        var path = $"api/watches?connectionId={listener.ConnectionId}";

        var whole = (await alice.Caller.GetAsync(path)).Data;
        Assert.Equal((2, 2, true), Counts(whole));
        var part = await alice.Caller.GetAsync($"{path}&since={whole.GetProperty("version").GetString()}");
        Assert.Equal(HttpStatusCode.OK, part.Status);

        Assert.Equal(listener.ConnectionId, (await alice.Caller.SendAsync(HttpMethod.Delete, path)).Text("connectionId"));
        Assert.Equal((0, 0, true), Counts((await alice.Caller.GetAsync(path)).Data));
        (await alice.Caller.GetAsync($"{path}&since=yesterday")).MustRefuse("since");
        (await alice.Caller.GetAsync("api/watches")).MustRefuse("connectionId");
    }

    [Fact]
    public async Task ConnectionsOfOthersAndThoseThatHaveClosedAreNotFound()
    {
        await using var system = await EverybodyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var listener = await alice.ListenAsync();
        var id = listener.ConnectionId;
        await PutAsync(alice, listener, bob.Id);

        foreach (var (user, connection) in new[] { (bob, id), (alice, "unknown") })
        {
            (await SendAsync(user, HttpMethod.Put, new { connectionId = connection, ids = new[] { bob.Id } })).MustBe(HttpStatusCode.NotFound, "not_found");
            (await SendAsync(user, HttpMethod.Patch, new { connectionId = connection })).MustBe(HttpStatusCode.NotFound, "not_found");
            (await user.Caller.SendAsync(HttpMethod.Delete, $"api/watches?connectionId={connection}")).MustBe(HttpStatusCode.NotFound, "not_found");
            (await user.Caller.GetAsync($"api/watches?connectionId={connection}")).MustBe(HttpStatusCode.NotFound, "not_found");
        }

        await listener.DisposeAsync();
        await Eventually.BecomesTrueAsync(
            async () => (await alice.Caller.GetAsync($"api/watches?connectionId={id}")).Status == HttpStatusCode.NotFound, "the list ends with its connection");
    }

    [Fact]
    public async Task WatchingIsNoActivityAndEndsWithASignOut()
    {
        await using var system = await EverybodyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await using var listener = await alice.ListenAsync();
        var before = await LastActiveAsync(alice);
        await PutAsync(alice, listener, bob.Id);
        Assert.Equal(before, await LastActiveAsync(alice));

        var id = listener.ConnectionId;
        await alice.SignOutAsync();

        (await SendAsync(alice, HttpMethod.Put, new { connectionId = id, ids = new[] { bob.Id } })).MustBe(HttpStatusCode.Forbidden, "signed_out");
    }

    [Fact]
    public async Task WhatSignalRRefusesIsMadeGoodBySayingItAgainToAnotherInstance()
    {
        var refused = 0;
        var parts = new LocalParts { Emulator = Refusing(() => Interlocked.Increment(ref refused) is > 5 and < 60) };
        await using var system = await Target.OwnAsync(parts, ("Visibility", "Everybody"), ("DefaultConversation", ""));
        await using var another = await Target.OwnAsync(LocalParts.SharedWith(system), ("Visibility", "Everybody"), ("DefaultConversation", ""));
        User[] users = [.. Enumerable.Range(0, 30).Select(i => system.NewUser($"user-{i}"))];
        var alice = system.NewUser("alice");
        await using var listener = await alice.ListenAsync();
        var body = new { connectionId = listener.ConnectionId, ids = users.Select(user => user.Id) };

        var first = (await SendAsync(alice, HttpMethod.Put, body)).MustBe(HttpStatusCode.ServiceUnavailable, "signalr_unavailable");
        Assert.NotNull(first.RetryAfter);
        Interlocked.Exchange(ref refused, 1_000);
        (await SendAsync(another.UserOf(alice.Id), HttpMethod.Put, body)).MustBeOk();

        foreach (var user in users)
        {
            await user.ActAsync();
        }

        // What the service accepts without saying so in time is sent again.
        HashSet<string?> missing = [.. users.Select(user => user.Id)];
        while (missing.Count > 0)
        {
            missing.Remove((await listener.Inbox.StatusAsync()).GetProperty("userId").GetString());
        }
    }

    [Theory]
    [InlineData("PUT", """{"ids":[]}""", "connectionId")]
    [InlineData("PUT", """{"connectionId":"c"}""", "ids")]
    [InlineData("PUT", """{"connectionId":"","ids":[]}""", "connectionId")]
    [InlineData("PUT", """{"connectionId":"c","ids":["a","b","c",""]}""", "ids[3]")]
    [InlineData("PUT", """{"connectionId":"c","ids":[null]}""", "ids[0]")]
    [InlineData("PUT", """{"connectionId":"c","ids":["anon:anon:x"]}""", "ids[0]")]
    [InlineData("PUT", """{"connectionId":"c","ids":[1]}""", "ids")]
    [InlineData("PUT", """{"connectionId":"c","ids":"a"}""", "ids")]
    [InlineData("PUT", """{"connectionId":"c","ids":[],"more":1}""", "more")]
    [InlineData("PATCH", """{"add":["a"]}""", "connectionId")]
    [InlineData("PATCH", """{"connectionId":"c","add":["a",""]}""", "add[1]")]
    [InlineData("PATCH", """{"connectionId":"c","remove":[""]}""", "remove[0]")]
    [InlineData("PATCH", """{"connectionId":"c","add":["a"],"remove":["a"]}""", "remove")]
    [InlineData("PATCH", "[]", "body")]
    public async Task ABadListIsRefusedByTheNameOfItsField(string method, string body, string field)
    {
        var system = await Target.AnyAsync();

        (await system.NewUser("alice").Caller.SendAsync(
            new HttpMethod(method), "api/watches", new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).MustRefuse(field);
    }

    [Fact]
    public async Task MoreThanFiveHundredAreRefused()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        string[] ids = [.. Enumerable.Range(0, 501).Select(i => $"u{i}")];

        (await SendAsync(alice, HttpMethod.Put, new { connectionId = "c", ids })).MustRefuse("ids");
        (await SendAsync(alice, HttpMethod.Patch, new { connectionId = "c", add = ids })).MustRefuse("add");
        (await alice.Caller.PostAsync("api/presence", new { ids })).MustRefuse("ids");
    }

    [Fact]
    public async Task FiveHundredOfTheLongestIdsAreLookedUpByABody()
    {
        var system = await Target.AnyAsync();
        string[] ids = [.. Enumerable.Range(100, 500).Select(i => new string('\u20ac', 125) + i)];

        var read = (await system.NewUser("alice").Caller.PostAsync("api/presence", new { ids })).Data;

        Assert.Equal(ids, read.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("userId").GetString()));
        Assert.True(read.GetProperty("isComplete").GetBoolean());
    }

    [Fact]
    public async Task TheLongestIdsAreWatched()
    {
        await using var system = await EverybodyAsync();
        var alice = system.NewUser("alice");
        await using var listener = await alice.ListenAsync();
        string[] ids = [new('\u20ac', 128), string.Concat(Enumerable.Repeat("\U0001f600", 64)), "anon:" + new string('\u20ac', 128)];

        var answer = await PutAsync(alice, listener, ids);

        Assert.Equal((3, 3, true), Counts(answer));
    }

    [Fact]
    public async Task ALookUpSinceAVersionTellsOnlyWhatHasChanged()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await bob.ActAsync();
        var version = (await alice.Caller.GetAsync($"api/presence?ids={bob.Id}")).Text("version");

        Assert.Equal(1, (await alice.Caller.GetAsync($"api/presence?ids={bob.Id}&since={version}")).Data.GetProperty("users").GetArrayLength());
        foreach (var old in new[] { "0", "1" })
        {
            Assert.True((await alice.Caller.GetAsync($"api/presence?ids={bob.Id}&since={old}")).Data.GetProperty("isComplete").GetBoolean());
        }

        foreach (var bad in new[] { "x", "-1", "1.5", "99999999999999999999", "1&since=2" })
        {
            (await alice.Caller.GetAsync($"api/presence?ids={bob.Id}&since={bad}")).MustRefuse("since");
        }

        (await alice.Caller.PostAsync("api/presence", new { ids = new[] { bob.Id }, since = "x" })).MustRefuse("since");
        (await alice.Caller.PostAsync("api/presence", new { ids = Array.Empty<string>() })).MustRefuse("ids");
    }

    private static async Task<string?> LastActiveAsync(User user) =>
        (await user.Caller.With("Presence-Activity", "passive").GetAsync("api/presence/me")).Data.GetProperty("lastActiveAt").GetString();

    private static Task<PresenceSystem> EverybodyAsync() => Target.OwnAsync(null, ("Visibility", "Everybody"), ("DefaultConversation", ""));

    private static SignalREmulatorOptions Refusing(Func<bool> refuses) => new()
    {
        Faults = call => call.Operation == EmulatedOperation.EnterGroup && refuses() ? EmulatedFault.Refused(HttpStatusCode.ServiceUnavailable) : null,
    };

    private static (int Watching, int Users, bool IsComplete) Counts(JsonElement answer) =>
        (answer.GetProperty("watching").GetInt32(), answer.GetProperty("users").GetArrayLength(), answer.GetProperty("isComplete").GetBoolean());

    private static Task<Answer> SendAsync(User user, HttpMethod method, object body) =>
        user.Caller.SendAsync(method, "api/watches", JsonContent.Create(body));

    private static async Task<JsonElement> PutAsync(User user, Listener listener, params string[] ids) =>
        (await SendAsync(user, HttpMethod.Put, new { connectionId = listener.ConnectionId, ids })).Data;

    private static async Task<JsonElement> PatchAsync(User user, Listener listener, string[] add, string[] remove) =>
        (await SendAsync(user, HttpMethod.Patch, new { connectionId = listener.ConnectionId, add, remove })).Data;
}
