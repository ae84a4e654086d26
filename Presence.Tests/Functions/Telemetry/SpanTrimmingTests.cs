using System.Diagnostics;
using Presence.Core.Metrics;
using Presence.Functions.Telemetry;

namespace Presence.Tests.Functions.Telemetry;

public sealed class SpanTrimmingTests : IDisposable
{
    private readonly ActivitySource _ours = new("Presence.Tests.Of.Nobody");
    private readonly ActivitySource _table = new("Azure.Data.Tables.TableClient");
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name is "Presence" or "Presence.Tests.Of.Nobody" or "Azure.Data.Tables.TableClient",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public SpanTrimmingTests() => ActivitySource.AddActivityListener(_listener);

    [Fact]
    public void PathsGoAndTheRouteStays()
    {
        var span = Ended(Start(_ours)
            .SetTag("url.path", "/api/presence/alice").SetTag("url.query", "ids=alice").SetTag("http.route", "api/presence/{userId}"));

        Assert.Equal((null, null, "api/presence/{userId}"), (span.GetTagItem("url.path"), span.GetTagItem("url.query"), span.GetTagItem("http.route")));
        Assert.True(span.Recorded);
    }

    [Theory]
    [InlineData("https://account.table.core.windows.net/presence(PartitionKey='s01',RowKey='on:alice')?x=1", "https://account.table.core.windows.net")]
    [InlineData("not a url of alice", null)]
    public void OfAUrlOnlyTheServerStays(string url, string? left) =>
        Assert.Equal(left, Ended(Start(_ours).SetTag("url.full", url)).GetTagItem("url.full"));

    [Fact]
    public void TheRequestBelowATableCallIsLeftOutAndTheCallStays()
    {
        using var call = Start(_table);
        var request = Ended(Start(_ours));

        Assert.Equal((false, true), (request.Recorded, Ended(call).Recorded));
    }

    [Theory]
    [InlineData("presence.sweep", ActivityStatusCode.Unset, false)]
    [InlineData("presence.census", ActivityStatusCode.Unset, false)]
    [InlineData("presence.report", ActivityStatusCode.Unset, false)]
    [InlineData("presence.truth", ActivityStatusCode.Unset, false)]
    [InlineData("presence.budget", ActivityStatusCode.Unset, false)]
    [InlineData("presence.sweep", ActivityStatusCode.Error, true)]
    [InlineData("presence.apply", ActivityStatusCode.Unset, true)]
    public void TableCallsOfUpkeepAreLeftOutUnlessTheyFail(string below, ActivityStatusCode status, bool recorded)
    {
        using var parent = Start(Tracing.Source, below);

        Assert.Equal(recorded, Ended(Start(_table).SetStatus(status)).Recorded);
    }

    [Theory]
    [InlineData("presence.report", ActivityStatusCode.Unset, false)]
    [InlineData("presence.report", ActivityStatusCode.Error, true)]
    [InlineData("presence.sweep", ActivityStatusCode.Unset, true)]
    public void OfUpkeepItselfOnlyReportsThatSucceedAreLeftOut(string name, ActivityStatusCode status, bool recorded) =>
        Assert.Equal(recorded, Ended(Start(Tracing.Source, name).SetStatus(status)).Recorded);

    public void Dispose()
    {
        _listener.Dispose();
        _ours.Dispose();
        _table.Dispose();
    }

    private static Activity Start(ActivitySource source, string name = "x") => source.StartActivity(name)!;

    private static Activity Ended(Activity span)
    {
        span.Stop();
        using var trimming = new SpanTrimming();
        trimming.OnEnd(span);
        return span;
    }
}
