using System.Globalization;
using System.Text;
using Presence.Chaos.Faults;
using Presence.Chaos.Judgement;

namespace Presence.Chaos;

/// <summary>The table at the end.</summary>
internal sealed record Report(
    ChaosArguments Arguments, Monkey Monkey, ReceiverMonkey ReceiverMonkey, int Missed, Journal Journal, Coverage Coverage, IReadOnlyList<Finding> Findings)
{
    // Of each case.
    private const int MostShown = 8;

    /// <summary>Nothing was lost and nothing wrong.</summary>
    public bool IsGood => Findings.All(finding => finding.Kind == FindingKind.Late);

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine();
        var (duration, hosts, users, seed, _) = Arguments;
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}, {duration.TotalSeconds:0} s, {hosts} hosts, {users} users");
        Line(text, "hosts killed", Monkey.Kills);
        Line(text, "hosts made to stand still", Monkey.Pauses);
        Line(text, "mishaps of SignalR and storage", Monkey.Mishaps);
        Line(text, "mishaps of the receiver of webhooks", ReceiverMonkey.Mishaps);
        Line(text, "connections made", Journal.Connections);
        Line(text, "sign-outs and revocations judged", Journal.Absences.Count);
        Line(text, "  not judged, a call was under way", Journal.Unjudged);
        Line(text, "removals judged", Journal.Removals.Count);
        Line(text, "pairs and users kept from others judged", Journal.Secrets.Count);
        Line(text, "changes of status", Coverage.Changes);
        Line(text, "announcements expected", Coverage.Expected);
        Line(text, "  seen", Coverage.Seen);
        Line(text, "  overtaken by something newer", Coverage.Overtaken);
        Line(text, "  not seen", Coverage.Unseen);
        Line(text, "announcements dropped as not new", Coverage.Stale);
        var events = Journal.Events.Select(told => told.Id).Distinct().Count();
        Line(text, "events told by the feed", events);
        Line(text, "  told again", Journal.Events.Count - events);
        var sent = Journal.Sent.Select(told => told.Id).Distinct().Count();
        Line(text, "events sent to the webhook", sent);
        Line(text, "  sent again", Journal.Sent.Count - sent);
        Line(text, "  never sent", Count(WebhookVerdict.Lost));
        Line(text, "  sent out of order", Count(WebhookVerdict.OutOfOrder));
        Line(text, "messages that met a mishap of the receiver", Missed);
        Line(text, "moves of a receiver that had failed twice", Journal.Moves);
        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            Found(text, kind);
        }

        return text.ToString();
    }

    private int Count(string ofCase) => Findings.Count(finding => finding.Case == ofCase);

    private static void Line(StringBuilder text, string what, int count) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"  {what,-42}{count,9:#,0}");

    private void Found(StringBuilder text, FindingKind kind)
    {
        var found = Findings.Where(finding => finding.Kind == kind).ToList();
        text.AppendLine(CultureInfo.InvariantCulture, $"{kind.ToString().ToUpperInvariant(),-44}{found.Count,9:#,0}");
        foreach (var same in found.GroupBy(finding => finding.Case).OrderByDescending(same => same.Count()))
        {
            Line(text, same.Key, same.Count());
            foreach (var finding in same.Take(MostShown))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {finding.Text}");
            }
        }
    }
}
