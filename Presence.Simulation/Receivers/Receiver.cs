using Presence.Core.Domain;
using Presence.Simulation.Services;
using Presence.Simulation.Time;
using Presence.Simulation.World;

namespace Presence.Simulation.Receivers;

/// <summary>A receiver of events, with a webhook of its own.</summary>
/// <param name="id">The id of the webhook.</param>
/// <param name="filter">What the webhook asks for, until a user in it is erased.</param>
/// <param name="weather">How the receiver does.</param>
internal sealed class Receiver(string id, WebhookFilter filter, Weather weather)
{
    public string Id => id;

    public WebhookFilter Filter => filter;

    public Weather Weather => weather;

    /// <summary>Since when its webhook is disabled; null where it is not.</summary>
    public TimeSpan? DisabledSince { get; set; }

    /// <summary>One to three, the first of which is told everything.</summary>
    public static IReadOnlyList<Receiver> Some(Chance chance, Population population, IReadOnlyList<string> conversations) =>
    [
        .. Enumerable.Range(1, chance.Between(1, 3))
            .Select(number => new Receiver($"wh{number}", number == 1 ? WebhookFilter.Everything : SomeFilter(chance, population, conversations), new(chance))),
    ];

    private static WebhookFilter SomeFilter(Chance chance, Population population, IReadOnlyList<string> conversations) => chance.Next(4) switch
    {
        0 => new(Kinds: [.. Some(chance, Enum.GetValues<UserEventKind>())]),
        1 => new(Conversations: [.. Some(chance, conversations)]),
        2 => new(Users: [.. Some(chance, population.Users).Select(user => user.Key)]),
        _ => new([.. Some(chance, Enum.GetValues<UserEventKind>())], [.. Some(chance, conversations)], [.. Some(chance, population.Users).Select(user => user.Key)]),
    };

    /// <summary>One at least.</summary>
    private static IEnumerable<T> Some<T>(Chance chance, IReadOnlyList<T> from)
    {
        var one = chance.Next(from.Count);
        return [.. from.Where((_, index) => index == one || chance.Hit(0.4))];
    }
}
