using System.Diagnostics;
using OpenTelemetry;

namespace Presence.Functions.Telemetry;

/// <summary>
/// Takes from spans what may name a user: paths hold user ids, of our own routes as of table rows and SignalR groups. The route and the
/// server's name stay (attributes of OpenTelemetry's HTTP conventions).
/// </summary>
internal sealed class UserIdRemoval : BaseProcessor<Activity>
{
    private const string Url = "url.full";

    private static readonly string[] Paths = ["url.path", "url.query"];

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(Url) is string url)
        {
            data.SetTag(Url, Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null);
        }

        foreach (var path in Paths)
        {
            data.SetTag(path, null);
        }
    }
}
