using Presence.Chaos.Clients;

namespace Presence.Chaos.Judgement;

/// <summary>
/// Judges what a webhook was sent by what the feed of events told, which is read for itself: no event lost, none out of order for its user once what is not
/// newer is dropped, none that the feed does not have, and each as the feed has it.
/// </summary>
internal static class WebhookVerdict
{
    public const string Lost = "an event that the webhook was not sent";

    public const string OutOfOrder = "an event sent out of order";

    /// <param name="owed">What the feed had told by the time from which on the webhook was waited for.</param>
    /// <param name="sent">What came, doubles too, in the order in which it did.</param>
    /// <param name="feed">What the feed had told after that.</param>
    /// <param name="unsigned">How many messages came that were not signed as they must be.</param>
    public static IEnumerable<Finding> Judge(
        IReadOnlyCollection<ToldEvent> owed, IReadOnlyCollection<ToldEvent> sent, IReadOnlyCollection<ToldEvent> feed, int unsigned)
    {
        var (came, told) = (sent.Select(one => one.Id).ToHashSet(StringComparer.Ordinal), feed.DistinctBy(one => one.Id).ToDictionary(one => one.Id));
        return
        [
            .. owed.DistinctBy(one => one.Id).Where(one => !came.Contains(one.Id))
                .Select(one => new Finding(FindingKind.Lost, Lost, $"{one.Id} ({one.Type}) was told by the feed, and never sent")),
            .. FeedVerdict.Overtaken(sent.DistinctBy(one => one.Id))
                .Select(pair => Wrong(OutOfOrder, $"{pair.Later.Id} was sent for the first time after {pair.Earlier.Id}")),
            .. sent.Distinct().Where(one => told.GetValueOrDefault(one.Id) != one)
                .Select(one => Wrong("an event sent that the feed does not have", $"{one} was sent; the feed has {told.GetValueOrDefault(one.Id)?.ToString() ?? "nothing"}")),
            .. Enumerable.Repeat(Wrong("a message that is not signed as it must be", "a message was not genuine"), unsigned),
        ];
    }

    private static Finding Wrong(string ofWhat, string text) => new(FindingKind.Wrong, ofWhat, text);
}
