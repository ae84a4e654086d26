using System.Net;
using System.Text;
using System.Text.Json;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>What members of a conversation show of themselves for a moment.</summary>
public abstract class LiveStateTests(DeliveryMode mode) : DeliveryTests(mode)
{
    [Fact]
    public async Task AStateReachesMembersAndTheSendersOtherDevicesAndNoStranger()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        var (carol, other) = (system.NewUser("carol"), Some.Conversation());
        await system.JoinAsync(other, carol);
        await using var listener = await bob.ListenAsync();
        await using var device = await alice.ListenAsync();
        await using var stranger = await carol.ListenAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        var answer = await alice.ShowAsync(conversation, """{"state":{"typing":true,"at":[3,4],"in":"Zürich 🚆"},"ttl":"PT5.5S"}""");

        var heard = await listener.Inbox.StateAsync();
        Assert.Equal(["conversationId", "userId", "isAnonymous", "state", "ttlSeconds", "version"], heard.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            (conversation, alice.Id, false, true, "Zürich 🚆", 5.5),
            (heard.GetProperty("conversationId").GetString(), heard.GetProperty("userId").GetString(), heard.GetProperty("isAnonymous").GetBoolean(),
                heard.GetProperty("state").GetProperty("typing").GetBoolean(), heard.GetProperty("state").GetProperty("in").GetString(),
                heard.GetProperty("ttlSeconds").GetDouble()));
        Assert.Equal((conversation, 5.5), (answer.Text("conversationId"), answer.Data.GetProperty("ttlSeconds").GetDouble()));
        Assert.Equal(answer.Data.GetProperty("version").GetInt64(), heard.GetProperty("version").GetInt64());
        Assert.Equal(heard.ToString(), (await device.Inbox.StateAsync()).ToString());

        await stranger.MustHaveHeardNothingAsync(system, other);
        Assert.Equal(0, stranger.Inbox.States);
    }

    [Fact]
    public async Task ALaterStateHasALargerVersionAndNullTakesItBack()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();

        await alice.ShowAsync(conversation, """{"state":"typing"}""");
        var first = await listener.Inbox.StateAsync();
        await alice.ShowAsync(conversation, """{"state":null}""");
        var second = await listener.Inbox.StateAsync();

        Assert.Equal(("typing", 10), (first.GetProperty("state").GetString(), first.GetProperty("ttlSeconds").GetDouble()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("state").ValueKind);
        Assert.True(second.GetProperty("version").GetInt64() > first.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task SeveralMembersAtOnceAreToldOfTogether()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(1, 4).Select(i => (i % 2 == 0 ? alice : bob).ShowAsync(conversation, $$"""{"state":{{i}}}""")));
                return listener.Inbox.LargestBatchOfStates > 0;
            },
            "states of two members fall together");

        Assert.Equal(2, listener.Inbox.LargestBatchOfStates);
        Assert.Equal(conversation, (await listener.Inbox.StateAsync()).GetProperty("conversationId").GetString());
    }

    [Fact]
    public async Task AGuestShowsItsStateAndHearsThoseOfOthers()
    {
        var system = await AnyAsync();
        var (guest, bob, conversation) = (await system.NewGuestAsync("guest"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, guest, bob);
        await using var listener = await bob.ListenAsync();
        await using var own = await guest.ListenAsync();

        (await guest.ShowAsync(conversation, """{"state":1}""")).MustBeOk();

        var heard = await listener.Inbox.StateAsync();
        Assert.Equal((guest.Id, true), (heard.GetProperty("userId").GetString(), heard.GetProperty("isAnonymous").GetBoolean()));
        await own.Inbox.StateAsync();
        (await bob.ShowAsync(conversation, """{"state":2}""")).MustBeOk();
        Assert.Equal(bob.Id, (await own.Inbox.StateAsync()).GetProperty("userId").GetString());
    }

    [Fact]
    public async Task WhoIsNotInTheConversationIsRefusedWhetherThereIsSuchAOneOrNot()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        var carol = system.NewUser("carol");
        await using var listener = await bob.ListenAsync();

        var existing = (await carol.ShowAsync(conversation, """{"state":1}""")).MustBe(HttpStatusCode.Forbidden, "forbidden");
        var missing = (await carol.ShowAsync(Some.Conversation(), """{"state":1}""")).MustBe(HttpStatusCode.Forbidden, "forbidden");
        await alice.ShowAsync(conversation, """{"state":2}""");
        await listener.Inbox.StateAsync();
        await system.LeaveAsync(conversation, alice);
        (await alice.ShowAsync(conversation, """{"state":3}""")).MustBe(HttpStatusCode.Forbidden, "forbidden");

        Assert.Equal(missing.Body, existing.Body);
        await listener.Inbox.MustHearAsync(alice, "online");
        await listener.MustHaveHeardNothingAsync(system, conversation);
        Assert.Equal(0, listener.Inbox.States);
    }

    [Fact]
    public async Task OfAnInvisibleUserNothingIsToldAndNothingElseIsToBeNoticed()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        var seen = await alice.ShowAsync(conversation, """{"state":1}""");
        await listener.Inbox.MustHearAsync(alice, "online");
        await listener.Inbox.StateAsync();

        await alice.ChooseAsync(new { availability = "invisible" });
        var unseen = await alice.ShowAsync(conversation, """{"state":2}""");

        await listener.Inbox.MustHearAsync(alice, "offline");
        await listener.MustHaveHeardNothingAsync(system, conversation);
        Assert.Equal(0, listener.Inbox.States);
        Assert.Equal(
            seen.Data.EnumerateObject().Where(p => p.Name != "version").Select(p => p.ToString()),
            unseen.Data.EnumerateObject().Where(p => p.Name != "version").Select(p => p.ToString()));
    }

    [Fact]
    public async Task APassiveStateOfOneWhoIsNotHereBringsNobodyAndIsNotTold()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();

        (await (alice with { Caller = alice.Caller.With("Presence-Activity", "passive") }).ShowAsync(conversation, """{"state":1}""")).MustBeOk();

        await listener.MustHaveHeardNothingAsync(system, conversation);
        Assert.Equal((0, "offline"), (listener.Inbox.States, await alice.StatusSeenByAsync(bob)));
    }

    [Theory]
    [InlineData("""{}""", "state")]
    [InlineData("""{"ttl":"PT5S"}""", "state")]
    [InlineData("""{"state":1,"ttl":"PT0.999S"}""", "ttl")]
    [InlineData("""{"state":1,"ttl":"PT60.001S"}""", "ttl")]
    [InlineData("""{"state":1,"ttl":"P1D"}""", "ttl")]
    [InlineData("""{"state":1,"ttl":"PT"}""", "ttl")]
    [InlineData("""{"state":1,"ttl":""}""", "ttl")]
    [InlineData("""{"state":1,"ttl":"10"}""", "ttl")]
    [InlineData("""{"state":1,"ttl":10}""", "ttl")]
    [InlineData("""{"state":1,"mood":"fine"}""", "mood")]
    [InlineData("""{"state":1,"state":2}""", "duplicate")]
    [InlineData("""{"state":{"a":1,"a":2}}""", "duplicate")]
    [InlineData("""{"state":[[[[[[[[1]]]]]]]]}""", "body")]
    [InlineData("""{"state":{"a":"\ud800"}}""", "state")]
    [InlineData("""{"state":"\udc00\ud800"}""", "state")]
    [InlineData("""{"state":{"\ud800":1}}""", "Unicode")]
    [InlineData("""{"state":}""", "body")]
    [InlineData("""[1]""", "body")]
    [InlineData("""typing""", "body")]
    public async Task BadInputIsRefusedByNameAndNotTold(string body, string field)
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();

        (await alice.ShowAsync(conversation, body)).MustRefuse(field);
        (await alice.ShowAsync(conversation, """{"state":"good"}""")).MustBeOk();

        Assert.Equal("good", (await listener.Inbox.StateAsync()).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("🚆")]
    [InlineData("\\n")]
    [InlineData("{ }")]
    public async Task AStateOf1024BytesReachesOthersAndOneMoreIsRefused(string piece)
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        var most = string.Concat(Enumerable.Repeat(piece, (1_024 - 2) / Encoding.UTF8.GetByteCount(piece)));
        most += new string('.', 1_024 - 2 - Encoding.UTF8.GetByteCount(most));

        Assert.Contains("1024", (await alice.ShowAsync(conversation, $$"""{"state": "{{most}}."}""")).MustRefuse("state").Body, StringComparison.Ordinal);
        (await alice.ShowAsync(conversation, $$"""{ "ttl" : "PT60S", "state" : "{{most}}" }""")).MustBeOk();

        Assert.Equal(JsonElement.Parse($"\"{most}\"").GetString(), (await listener.Inbox.StateAsync()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task WhoShowsTooMuchIsToldWhenToTryAgain()
    {
        var system = await AnyAsync();
        var (alice, _, conversation) = await ConnectionTests.PairAsync(system);
        Answer? refused = null;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => alice.ShowAsync(conversation, $$"""{"state":{{i}}}""")));
                refused = answers.FirstOrDefault(a => a.Status != HttpStatusCode.OK);
                return refused is not null;
            },
            "more than 10 states come within a second");

        refused!.MustBe(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Contains("Retry-After", refused.Headers["Access-Control-Expose-Headers"], StringComparison.Ordinal);
    }
}

/// <summary>Where functions send by themselves.</summary>
public sealed class LiveStateTestsOverTheHub() : LiveStateTests(DeliveryMode.Hub);

/// <summary>Where the output binding sends other messages.</summary>
public sealed class LiveStateTestsByBinding() : LiveStateTests(DeliveryMode.Binding);
