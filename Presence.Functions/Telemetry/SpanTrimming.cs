using System.Diagnostics;
using OpenTelemetry;
using Presence.Core.Metrics;

namespace Presence.Functions.Telemetry;

/// <summary>
/// What leaves in traces: nothing that may name a user, for paths hold user ids, of our own routes as of table rows and SignalR groups;
/// and nothing that only repeats, every few seconds for ever, that upkeep went well, for each span is paid for. What failed stays, and
/// the metrics count all of it.
/// </summary>
internal sealed class SpanTrimming : BaseProcessor<Activity>
{
    // The attributes of OpenTelemetry's HTTP conventions. The route and the server's name stay.
    private const string Url = "url.full";
    private static readonly string[] Paths = ["url.path", "url.query"];

    public override void OnEnd(Activity data)
    {
        if (IsRepetition(data))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        if (data.GetTagItem(Url) is string url)
        {
            data.SetTag(Url, Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null);
        }

        foreach (var path in Paths)
        {
            data.SetTag(path, null);
        }
    }

    /// <summary>
    /// The request below a call of the table client, whose own span knows which of its answers are good; and upkeep's calls that succeeded.
    /// </summary>
    private static bool IsRepetition(Activity span) => IsTableCall(span.Parent)
        || (span.Status != ActivityStatusCode.Error && (Tracing.IsReport(span) || (IsTableCall(span) && Tracing.IsUpkeep(span.Parent))));

    private static bool IsTableCall(Activity? span) => span?.Source.Name.StartsWith("Azure.Data.Tables", StringComparison.Ordinal) == true;
}
