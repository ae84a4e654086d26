using System.Net.Http.Json;
using System.Text.Json;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>The application's backend tells of many users at once.</summary>
public abstract class ActivityBatchTests(DeliveryMode mode) : DeliveryTests(mode)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task UsersAndGuestsOfAnyIdComeAndAreHeardAndFurtherEntriesAreNoNews()
    {
        var system = await AnyAsync();
        var (bob, conversation) = (system.NewUser("bob"), Some.Conversation());
        User[] coming = [system.NewUser("alice"), system.NewUser("a/b\\c%2F?d#e,"), system.NewUser("..😀"), await system.NewGuestAsync("guest")];
        await system.JoinAsync(conversation, [bob, .. coming]);
        await using var listener = await bob.ListenAsync();
        object[] entries = [.. coming.Select(user => new { userId = user.Id })];

        MustSay(await PostAsync(system, entries), recorded: 4);
        await listener.Inbox.MustHearInAnyOrderAsync([.. coming.Select(user => (user, "online"))]);

        MustSay(await PostAsync(system, [.. entries, entries[0]]), throttled: 4, ignored: 1);
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task EachIsActiveWhenItsLatestEntrySays()
    {
        var system = await AnyAsync();
        var (alice, bob, carol) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("carol"));
        var at = Now.AddSeconds(-40).ToWholeMilliseconds();

        MustSay(
            await PostAsync(
                system,
                [
                    new { userId = alice.Id, at = at.AddSeconds(-10) },
                    new { userId = alice.Id, at },
                    new { userId = alice.Id, at = Now, passive = true },
                    new { userId = bob.Id, at = Now.AddMinutes(-6), passive = false },
                    new { userId = carol.Id, at = Now.AddYears(1) },
                ]),
            recorded: 2, ignored: 2, passive: 1);

        Assert.Equal(at, (await SeenAsync(system, alice)).GetProperty("lastActiveAt").GetDateTimeOffset());
        Assert.Equal(0, (await SeenAsync(system, bob)).GetProperty("version").GetInt64());
        Assert.InRange((await SeenAsync(system, carol)).GetProperty("lastActiveAt").GetDateTimeOffset(), at, Now);
    }

    [Fact]
    public async Task WhoHasSignedOutComesBackByWhatItDidAfterwardsUnlessItIsBanned()
    {
        var system = await AnyAsync();
        var (alice, mallory) = (system.NewUser("alice"), system.NewUser("mallory"));
        await alice.ActAsync();
        await alice.SignOutAsync();
        (await system.Backend.SendAsync(HttpMethod.Put, $"maintenance/bans/{mallory.Id}", JsonContent.Create(new { until = "PT1H" }))).MustBeOk();

        MustSay(await PostAsync(system, [new { userId = alice.Id, at = Now.AddSeconds(-30) }, new { userId = mallory.Id }]), ignored: 2);
        MustSay(await PostAsync(system, [new { userId = alice.Id }, new { userId = mallory.Id }]), recorded: 1, ignored: 1);

        Assert.Equal("online", await alice.StatusSeenByAsync(mallory));
        Assert.Equal("offline", await mallory.StatusSeenByAsync(alice));
    }

    private static async Task<JsonElement> SeenAsync(PresenceSystem system, User user) =>
        (await system.NewUser("viewer").Caller.GetAsync($"api/presence?userId={user.Id}")).Data;

    private static Task<Answer> PostAsync(PresenceSystem system, object[] entries) => system.Backend.PostAsync("api/activity/batch", entries);

    private static void MustSay(Answer answer, int recorded = 0, int throttled = 0, int ignored = 0, int passive = 0) => Assert.Equal(
        $$$"""{"success":true,"data":{"recorded":{{{recorded}}},"throttled":{{{throttled}}},"ignored":{{{ignored}}},"passive":{{{passive}}},"failed":[]}}""",
        answer.MustBeOk().Body);
}

/// <summary>Where functions send by themselves.</summary>
public sealed class ActivityBatchTestsOverTheHub() : ActivityBatchTests(DeliveryMode.Hub);

/// <summary>Where the output binding does.</summary>
public sealed class ActivityBatchTestsByBinding() : ActivityBatchTests(DeliveryMode.Binding);
