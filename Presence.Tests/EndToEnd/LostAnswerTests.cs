using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Storage applies a change of status, and both its answers are lost: nobody but the sweep will look at that user again.</summary>
public class LostAnswerTests
{
    [Fact]
    public async Task ItIsToldByTheSweep()
    {
        var transport = new FaultyTransport();
        await using var system = await Target.OwnAsync(new()
        {
            Services = services => services.Configure<StorageClientOptions>(o => o.Configure = client => client.Transport = transport),
        });
        var (alice, bob, _) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        var toLose = 2;
        transport.OnResponse = (request, _) =>
        {
            if (request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) && Interlocked.Decrement(ref toLose) >= 0)
            {
                throw FaultyTransport.Lost();
            }
        };
        (await alice.Caller.SendAsync(HttpMethod.Delete, "api/presence/me")).MustBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");

        await listener.Inbox.MustHearAsync(alice, "offline");
    }
}
