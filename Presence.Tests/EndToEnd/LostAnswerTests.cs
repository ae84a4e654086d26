using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Storage applies a change of status, and both its answers are lost: nobody will look at that user again.</summary>
public class LostAnswerTests
{
    private const string Never = "0 0 0 1 1 *";
    private const string EverySecond = "* * * * * *";

    public static TheoryData<string, string> Occasions => new()
    {
        { "a call", Never },
        { "a connection that closes", Never },
        { "a sweep", EverySecond },
    };

    [Theory]
    [MemberData(nameof(Occasions))]
    public async Task ItIsToldOnTheNextOccasionOfAnybody(string occasion, string sweeps)
    {
        var transport = new FaultyTransport();
        await using var system = await Target.OwnAsync(
            new()
            {
                Services = services => services.Configure<StorageClientOptions>(o => o.Configure = client => client.Transport = transport),
            },
            ("SweepSchedule", sweeps));
        var (alice, bob, _) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await using var another = await bob.ListenAsync();
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
        if (occasion == "a call")
        {
            await bob.ActAsync();
        }
        else if (occasion == "a connection that closes")
        {
            await another.DisposeAsync();
        }

        await listener.Inbox.MustHearAsync(alice, "offline");
    }
}
