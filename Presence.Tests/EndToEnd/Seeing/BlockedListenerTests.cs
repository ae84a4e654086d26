using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>Whoever is blocked hears nothing, whenever its connections open.</summary>
public class BlockedListenerTests
{
    private const int Connections = 6;

    private const int Changes = 20;

    [Fact]
    public async Task ConnectionsThatOpenAtTheVeryMomentOfNewsHearNothingOfWhoeverIsBlocked()
    {
        var system = await Target.AnyAsync();
        var (subject, viewer, marker) = (system.NewUser("subject"), system.NewUser("viewer"), system.NewUser("marker"));
        var (shared, own) = (Some.Conversation(), Some.Conversation());
        await system.JoinAsync(shared, subject, viewer);
        await system.JoinAsync(own, marker, viewer);
        await marker.ActAsync();
        await subject.ActAsync();
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/allowed?userId={subject.Id}&viewerId={viewer.Id}")).MustBeOk();
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/blocked?userId={subject.Id}&otherId={viewer.Id}")).MustBeOk();

        var opening = Task.WhenAll(Enumerable.Range(0, Connections).Select(async i =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300 * i), TimeProvider.System, TestContext.Current.CancellationToken);
            return await viewer.ListenAsync(subject);
        }));
        for (var change = 0; change < Changes || !opening.IsCompleted; change++)
        {
            await subject.ChooseAsync(new { availability = change % 2 == 0 ? "busy" : "away", text = $"change {change}" });
        }

        foreach (var listener in await opening)
        {
            await using var _ = listener;
            Assert.DoesNotContain("change", listener.Snapshot.GetRawText(), StringComparison.Ordinal);
            var mark = $"mark {Guid.NewGuid():N}";
            await marker.ChooseAsync(new { text = mark });
            while (await listener.Inbox.StatusAsync() is var heard && !heard.GetRawText().Contains(mark, StringComparison.Ordinal))
            {
                Assert.DoesNotContain(subject.Id, heard.GetRawText(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task WhoeverIsBlockedAndConnectedJoinsAConversationAsQuicklyAsOthers()
    {
        await using var system = await Target.OwnAsync(null, ("SweepSchedule", "0 0 0 1 1 *"));
        var (subject, viewer, carol) = (system.NewUser("subject"), system.NewUser("viewer"), system.NewUser("carol"));
        var (shared, joined) = (Some.Conversation(), Some.Conversation());
        await system.JoinAsync(shared, subject, viewer);
        await system.JoinAsync(joined, carol);
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/blocked?userId={subject.Id}&otherId={viewer.Id}")).MustBeOk();
        await using var listener = await viewer.ListenAsync();

        // It has just connected, so that by the clock of another instance it may still be new: 2 s more, and it is not.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, TestContext.Current.CancellationToken);
        await system.JoinAsync(joined, viewer);

        Assert.Equal(joined, (await listener.Inbox.SnapshotAsync()).GetProperty("conversations")[0].GetProperty("conversationId").GetString());
        await carol.ActAsync();
        await listener.Inbox.MustHearAsync(carol, "online");
    }
}
