using Presence.Core.Domain;

namespace Presence.Core.Delivery;

/// <summary>Keeps news from large conversations: they are told counts. Everything else goes on.</summary>
/// <param name="next">What sends the rest.</param>
/// <param name="counts">Knows which are large.</param>
internal sealed class SizedMessages(IMessages next, CountMessages counts) : IMessages
{
    public bool AreAcknowledged => next.AreAcknowledged;

    public Task TellAsync(Transition news)
    {
        var named = news.Conversations.RemoveAll(counts.IsLarge);
        return named.Length == news.Conversations.Length ? next.TellAsync(news)
            : named.IsEmpty && !news.IsWatched ? Task.CompletedTask
            : next.TellAsync(news with { Conversations = named, Large = news.Conversations.RemoveAll(named.Contains) });
    }

    public Task TellAsync(Announcement message, CancellationToken cancellationToken) => next.TellAsync(message, cancellationToken);
}
