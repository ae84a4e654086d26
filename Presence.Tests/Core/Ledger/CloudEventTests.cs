using System.Text.Json;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Functions.Http;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Ledger;

public class CloudEventTests
{
    [Fact]
    public void AChangeOfStatusIsToldAsCloudEventsHaveIt()
    {
        var told = new UserEvent(UserEventKind.Status, Alice, 7, Start)
        {
            View = default(UserRecords).ViewOf(Alice) with { LastActiveAt = Start, LastSeenAt = Start, Version = 7 }, Conversations = ["a", "b"],
        };

        Assert.Equal(
            """
            {"specversion":"1.0","id":"alice/7","source":"/presence","type":"presence.status","subject":"alice","time":"2030-01-01T12:00:00+00:00","datacontenttype":"application/json","data":{"userId":"alice","isAnonymous":false,"version":7,"status":"offline","availability":"offline","lastActiveAt":"2030-01-01T12:00:00+00:00","lastSeenAt":"2030-01-01T12:00:00+00:00","conversations":["a","b"]}}
            """.Trim(),
            Json(told));
    }

    [Fact]
    public void AnErasureTellsWhoseAndNothingElse() => Assert.Equal(
        """
        {"specversion":"1.0","id":"anon:guest/9","source":"/presence","type":"presence.erased","subject":"anon:guest","time":"2030-01-01T12:00:00+00:00","datacontenttype":"application/json","data":{"userId":"anon:guest","isAnonymous":true,"version":9}}
        """.Trim(),
        Json(new(UserEventKind.Erased, Guest, 9, Start)));

    [Fact]
    public void EachKindHasANameOfItsOwn() => Assert.Equal(
        ["presence.erased", "presence.status", "presence.availability", "presence.membership"], CloudEvent.Types);

    private static string Json(UserEvent told) => JsonSerializer.Serialize(CloudEvent.Of(told), ApiJson.Default.CloudEvent);
}
