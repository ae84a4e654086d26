using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Presence.LocalHost.Azurite;
using Presence.Tests.EndToEnd.Harness;
using Presence.Tests.LocalHost;

namespace Presence.Tests.EndToEnd;

public class StorageOutageTests
{
    [Fact]
    public async Task WhileStorageIsGoneCallsAre503AndAfterwardsNothingIsLost()
    {
        Target.SkipElsewhere("stops the storage");
        using var data = new TemporaryDirectory();
        var azurite = await StartAsync(data, port: 0);
        try
        {
            await using var system = await Target.OwnAsync(new() { Storage = azurite.ConnectionString });
            var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
            var carol = system.NewUser("carol");
            await system.JoinAsync(conversation, carol);
            await using var elsewhere = await PresenceSystem.StartAsync(LocalParts.SharedWith(system));
            await elsewhere.NewUser("first").ActAsync();
            var token = (await alice.ActAsync()).Headers["Presence-Token"];
            await using var listener = await bob.ListenAsync();

            await azurite.DisposeAsync();
            await MustBeUnavailableAsync(() => carol.Caller.PostAsync("api/activity"));
            await MustBeUnavailableAsync(() => carol.Caller.GetAsync("api/conversations"));
            await MustBeUnavailableAsync(() => carol.Caller.PostAsync("api/negotiate"));
            await MustBeUnavailableAsync(() => alice.Caller.SendAsync(HttpMethod.Delete, "api/presence/me"));
            await MustBeUnavailableAsync(() => system.Backend.PostAsync("maintenance/user-status", new { userId = carol.Id, isOnline = true }));
            Assert.True((await alice.ActAsync()).Data.GetProperty("throttled").GetBoolean());

            // Another instance knows by what Alice carries, and by nothing else.
            var thereAsWell = elsewhere.UserOf(alice.Id).Caller;
            await MustBeUnavailableAsync(() => thereAsWell.PostAsync("api/activity"));
            Assert.True((await thereAsWell.With("Presence-Token", token).PostAsync("api/activity")).Data.GetProperty("throttled").GetBoolean());
            azurite = await StartAsync(data, azurite.TableEndpoint.Port);

            // Refused is refused: nothing of the above took place, and what was before still is.
            await Eventually.BecomesTrueAsync(async () => (await carol.Caller.PostAsync("api/activity")).Status == HttpStatusCode.OK, "storage is back");
            await listener.Inbox.MustHearAsync(carol, "online");
            Assert.Equal("online", await alice.StatusSeenByAsync(carol));
            Assert.Equal("online", await bob.StatusSeenByAsync(carol));
            await alice.SignOutAsync();
            await listener.Inbox.MustHearAsync(alice, "offline");
            await listener.MustHaveHeardNothingAsync(system, conversation);
        }
        finally
        {
            await azurite.DisposeAsync();
        }
    }

    private static async Task MustBeUnavailableAsync(Func<Task<Answer>> call)
    {
        var answer = (await call()).MustBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");
        Assert.True(answer.RetryAfter > TimeSpan.Zero);
        Assert.Equal("Retry-After, Date", answer.Headers["Access-Control-Expose-Headers"]);
    }

    private static Task<AzuriteServer> StartAsync(TemporaryDirectory data, int port) => AzuriteServer.StartAsync(
        new() { DataDirectory = data.Path, Port = port }, NullLogger<AzuriteServer>.Instance, TestContext.Current.CancellationToken);
}
