using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;

namespace Presence.Core.Delivery;

/// <summary>
/// Sends messages over the hub and sees the service's answer. One message of a group is on its way at a time, and so many changes that
/// fall together are few messages.
/// </summary>
internal sealed class HubMessages : IMessages
{
    /// <summary>A crowd that comes at once is told of so often; whoever comes alone, at once.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>With the times of last activities, and without.</summary>
    private const int AtOnce = 2;

    private readonly Sender _sender;
    private readonly RestrictedMessages _restricted;
    private readonly PresenceMetrics _metrics;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _time;
    private readonly Batcher<string, Transition> _groups;

    public HubMessages(
        Sender sender, RestrictedMessages restricted, PresenceMetrics metrics, IOptions<PresenceOptions> options, TimeProvider time, TimeSpan pace)
    {
        (_sender, _restricted, _metrics, _options, _time) = (sender, restricted, metrics, options.Value, time);
        _groups = new(SendAsync, () => pace * options.Value.Widening, time);
    }

    public bool AreAcknowledged => true;

    public Task TellAsync(Transition news) => RestrictedMessages.Concerns(news)
        ? _restricted.TellAsync(news)
        : Task.WhenAll(Announcements.GroupsOf(news, _options).Select(group => _groups.AddAsync(group, news)));

    public Task TellAsync(Announcement message, CancellationToken cancellationToken) => _sender.SendAsync(message, cancellationToken);

    private async Task SendAsync(string group, IReadOnlyList<Transition> news)
    {
        foreach (var some in Announcements.ForGroup(group, news, _options, _time.GetUtcNow()).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(message => _sender.SendAsync(message, CancellationToken.None)));
        }

        var now = _time.GetUtcNow();
        foreach (var told in news)
        {
            _metrics.Announced(now - told.DecidedAt);
        }
    }
}
