using System.Net;
using System.Net.Http.Json;
using System.Text;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>What cannot be said of who sees whom is refused by the name of its field, and changes nothing.</summary>
public class VisibilityInputTests
{
    private const string Privacy = "api/presence/me/privacy";

    [Theory]
    [InlineData("{\"visibility\":\"everybody\"}", "visibility")]
    [InlineData("{\"visibility\":\"Nobody\"}", "visibility")]
    [InlineData("{\"visibility\":\"\"}", "visibility")]
    [InlineData("{\"visibility\":1}", "visibility")]
    [InlineData("{\"lastSeen\":\"never\"}", "lastSeen")]
    [InlineData("{\"lastSeen\":\"Exact\"}", "lastSeen")]
    [InlineData("{\"lastSeen\":true}", "lastSeen")]
    [InlineData("{\"visibility\":\"nobody\",\"lastSeen\":\"never\"}", "lastSeen")]
    [InlineData("{\"visibility\":\"nobody\",\"more\":1}", "more")]
    [InlineData("{\"visibility\":\"nobody\",\"visibility\":\"default\"}", "duplicate")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    public async Task APrivacyThatIsNoneIsRefused(string body, string field)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        (await alice.Caller.SendAsync(HttpMethod.Put, Privacy, Json(body))).MustRefuse(field);

        Assert.Equal("""{"visibility":"default","lastSeen":"exact"}""", (await alice.Caller.GetAsync(Privacy)).Data.GetRawText());
    }

    [Fact]
    public async Task APrivacyThatSaysNothingChangesNothing()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        (await alice.Caller.SendAsync(HttpMethod.Put, Privacy, Json("""{"visibility":"nobody","lastSeen":"coarse"}"""))).MustBeOk();

        foreach (var body in new[] { "{}", """{"visibility":null,"lastSeen":null}""" })
        {
            var answer = await alice.Caller.SendAsync(HttpMethod.Put, Privacy, Json(body));
            Assert.Equal("""{"visibility":"nobody","lastSeen":"coarse"}""", answer.Data.GetRawText());
        }
    }

    [Theory]
    [InlineData("allowed?userId={0}", "viewerId")]
    [InlineData("allowed?userId={0}&viewerId={1}&conversationId=c", "viewerId")]
    [InlineData("allowed?viewerId={1}", "userId")]
    [InlineData("allowed?userId=&viewerId={1}", "userId")]
    [InlineData("allowed?userId={0}&userId={1}&viewerId={1}", "userId")]
    [InlineData("allowed?userId={0}&viewerId={0}", "viewerId")]
    [InlineData("allowed?userId={0}&viewerId=", "viewerId")]
    [InlineData("allowed?userId={0}&viewerId=anon:", "viewerId")]
    [InlineData("allowed?userId={0}&viewerId={1}&viewerId={1}", "viewerId")]
    [InlineData("allowed?userId=anon:anon:a&viewerId={1}", "userId")]
    [InlineData("allowed?userId={0}&conversationId=", "conversationId")]
    [InlineData("allowed?userId={0}&conversationId=a%7Cb", "conversationId")]
    [InlineData("allowed?userId={0}&conversationId=a&conversationId=b", "conversationId")]
    [InlineData("blocked?userId={0}", "otherId")]
    [InlineData("blocked?userId={0}&otherId={1}&conversationId=c", "otherId")]
    [InlineData("blocked?otherId={1}", "userId")]
    [InlineData("blocked?userId={0}&otherId={0}", "otherId")]
    [InlineData("blocked?userId={0}&otherId=anon:anon:a", "otherId")]
    [InlineData("blocked?userId={0}&conversationId=%C3%A4", "conversationId")]
    [InlineData("blocked?userId={0}&conversationId=lobby", "conversationId")]
    public async Task ARelationThatIsNoneIsRefusedWhetherItIsToBeginOrToEnd(string path, string field)
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var filled = "api/visibility/" + path.Replace("{0}", alice.Id, StringComparison.Ordinal).Replace("{1}", bob.Id, StringComparison.Ordinal);

        (await system.Backend.SendAsync(HttpMethod.Put, filled)).MustRefuse(field);
        (await system.Backend.SendAsync(HttpMethod.Delete, filled)).MustRefuse(field);

        await HasNoneAsync(system, alice);
        await HasNoneAsync(system, bob);
    }

    [Theory, InlineData("allowed", "viewerId"), InlineData("blocked", "otherId")]
    public async Task TooLongAnIdAndABodyWithFieldsAreRefused(string route, string field)
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var path = $"api/visibility/{route}?userId={alice.Id}&{field}=";

        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            (await system.Backend.SendAsync(method, path + new string('a', 129))).MustRefuse(field);
            (await system.Backend.SendAsync(method, $"api/visibility/{route}?userId={new string('a', 129)}&{field}={bob.Id}")).MustRefuse("userId");
            (await system.Backend.SendAsync(method, $"api/visibility/{route}?userId={alice.Id}&conversationId={new string('c', 101)}")).MustRefuse("conversationId");
            (await system.Backend.SendAsync(method, path + bob.Id, Json("{\"force\":true}"))).MustRefuse("force");
            (await system.Backend.SendAsync(method, path + bob.Id, Json("[]"))).MustRefuse("body");
        }

        await HasNoneAsync(system, alice);
    }

    [Fact]
    public async Task WhatIsKeptOfAUserIsAskedForByItsIdAlone()
    {
        var system = await Target.AnyAsync();

        (await system.Backend.GetAsync("api/visibility")).MustRefuse("userId");
        (await system.Backend.GetAsync("api/visibility?userId=a&userId=b")).MustRefuse("userId");
        (await system.Backend.GetAsync("api/visibility?userId=anon:")).MustRefuse("userId");
        await HasNoneAsync(system, system.NewUser("nobody"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("acme/b?o#b%2F\\")]
    [InlineData("a,b|c+d 😀'\"")]
    public async Task TheQueryCarriesAnyId(string id)
    {
        var system = await Target.AnyAsync();
        var (alice, odd) = (system.NewUser("alice"), system.UserOf($"{id}{Guid.NewGuid():N}"));
        string Query(string field) => $"userId={alice.Id}&{field}={Uri.EscapeDataString(odd.Id)}";

        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/allowed?{Query("viewerId")}")).MustBeOk();
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/blocked?{Query("otherId")}")).MustBeOk();
        var kept = (await system.Backend.GetAsync($"api/visibility?userId={alice.Id}")).Data;
        Assert.Equal((odd.Id, odd.Id), (kept.GetProperty("allowedUsers")[0].GetString(), kept.GetProperty("blockedUsers")[0].GetString()));
        Assert.Equal(alice.Id, (await system.Backend.GetAsync($"api/visibility?userId={Uri.EscapeDataString(odd.Id)}")).Data.GetProperty("maySee")[0].GetString());

        (await system.Backend.SendAsync(HttpMethod.Delete, $"api/visibility/allowed?{Query("viewerId")}")).MustBeOk();
        (await system.Backend.SendAsync(HttpMethod.Delete, $"api/visibility/blocked?{Query("otherId")}")).MustBeOk();
        await HasNoneAsync(system, alice);
    }

    [Theory, InlineData("allowed"), InlineData("blocked")]
    public async Task TheFiftyFirstConversationIsRefused(string route)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        string Path(int number) => $"api/visibility/{route}?userId={alice.Id}&conversationId=c{number}";
        for (var number = 1; number <= 50; number++)
        {
            (await system.Backend.SendAsync(HttpMethod.Put, Path(number))).MustBeOk();
        }

        (await system.Backend.SendAsync(HttpMethod.Put, Path(51))).MustRefuse("conversationId");
        (await system.Backend.SendAsync(HttpMethod.Put, Path(50))).MustBeOk();
        var list = (await system.Backend.SendAsync(HttpMethod.Delete, Path(50))).Data;

        Assert.Equal(49, list.GetProperty(route == "allowed" ? "allowedConversations" : "blockedConversations").GetArrayLength());
        (await system.Backend.SendAsync(HttpMethod.Put, Path(51))).MustBeOk();
    }

    [Fact]
    public async Task WhereTheApplicationDoesNotLetUsersHideTheirLastSeenThatIsRefused()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.LastSeenCanBeHidden), "false"));
        var alice = system.NewUser("alice");

        (await alice.Caller.SendAsync(HttpMethod.Put, Privacy, Json("""{"visibility":"nobody","lastSeen":"nobody"}"""))).MustRefuse("lastSeen");

        Assert.Equal("""{"visibility":"default","lastSeen":"exact"}""", (await alice.Caller.GetAsync(Privacy)).Data.GetRawText());
        (await alice.Caller.SendAsync(HttpMethod.Put, Privacy, Json("""{"lastSeen":"coarse"}"""))).MustBeOk();
    }

    [Fact]
    public async Task CredentialsFromBeforeASignOutChangeNothing()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await alice.SignOutAsync();

        (await alice.Caller.SendAsync(HttpMethod.Put, Privacy, JsonContent.Create(new { visibility = "nobody" }))).MustBe(HttpStatusCode.Forbidden, "signed_out");

        var again = system.SignedInAt(alice, null);
        Assert.Equal("default", (await again.Caller.With("Presence-Activity", "passive").GetAsync(Privacy)).Text("visibility"));
    }

    [Fact]
    public async Task ChoosingAndReadingItIsNoSignOfActivity()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, alice, bob);

        (await alice.Caller.SendAsync(HttpMethod.Put, Privacy, JsonContent.Create(new { lastSeen = "coarse" }))).MustBeOk();

        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
    }

    private static async Task HasNoneAsync(PresenceSystem system, User user) => Assert.Equal(
        $$"""{"userId":"{{user.Id}}","visibility":"default","lastSeen":"exact","allowedUsers":[],"allowedConversations":[],"maySee":[],"blockedUsers":[],"blockedConversations":[]}""",
        (await system.Backend.GetAsync($"api/visibility?userId={user.Id}")).Data.GetRawText());

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
