using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>Whoever is erased is named in nobody's rows, whatever the application had said of it and others.</summary>
public class ErasedRelationsTests
{
    [Fact]
    public async Task NothingInTheRowsOfOthersNamesTheUserAnyMore()
    {
        await using var system = await Target.OwnAsync();
        var (alice, bob, carol, dave) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("carol"), system.NewUser("dave"));
        var guest = await system.NewGuestAsync("guest");
        var (shared, blocked) = (Some.Conversation(), Some.Conversation());
        await system.JoinAsync(shared, alice, bob, carol);
        await system.JoinAsync(blocked, dave);
        foreach (var user in (User[])[alice, bob, carol, dave, guest])
        {
            await user.ActAsync();
        }

        await PutAsync("allowed", alice, "viewerId", bob.Id);
        await PutAsync("allowed", bob, "viewerId", alice.Id);
        await PutAsync("allowed", guest, "viewerId", alice.Id);
        await PutAsync("blocked", alice, "otherId", carol.Id);
        await PutAsync("blocked", guest, "otherId", alice.Id);
        await PutAsync("blocked", alice, "conversationId", blocked);
        await PutAsync("blocked", dave, "conversationId", shared);
        await using var listener = await bob.ListenAsync(alice);

        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{alice.Id}")).MustBeOk();

        await ErasureTests.AssertNoTraceAsync(system, alice.Id);
        foreach (var user in (User[])[alice, bob, carol, guest])
        {
            var kept = (await system.Backend.GetAsync($"api/visibility?userId={Uri.EscapeDataString(user.Id)}")).Data;
            Assert.All(
                (string[])["allowedUsers", "allowedConversations", "maySee", "blockedUsers", "blockedConversations"],
                field => Assert.Equal((user.Id, field, 0), (user.Id, field, kept.GetProperty(field).GetArrayLength())));
        }

        async Task PutAsync(string route, User user, string field, string other) => (await system.Backend.SendAsync(
            HttpMethod.Put, $"api/visibility/{route}?userId={Uri.EscapeDataString(user.Id)}&{field}={Uri.EscapeDataString(other)}")).MustBeOk();
    }
}
