using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;

namespace Presence.Core.Delivery;

/// <summary>
/// Gathers the messages of one function run, to be carried by its output binding: at most once, for nobody learns whether that succeeded.
/// What happens outside of any run goes over the hub.
/// </summary>
public sealed class BindingMessages : IMessages
{
    private readonly AsyncLocal<Run?> _current = new();
    private readonly HubMessages _hub;
    private readonly PresenceMetrics _metrics;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _time;

    internal BindingMessages(HubMessages hub, PresenceMetrics metrics, IOptions<PresenceOptions> options, TimeProvider time) =>
        (_hub, _metrics, _options, _time) = (hub, metrics, options.Value, time);

    bool IMessages.AreAcknowledged => false;

    /// <summary>Begins a run: what is told from here on, in this flow of calls, is gathered.</summary>
    public Run Begin() => _current.Value = new Run(this);

    Task IMessages.TellAsync(Transition news)
    {
        if (RestrictedMessages.Concerns(news) || _current.Value?.TryAdd(news) != true)
        {
            return ((IMessages)_hub).TellAsync(news);
        }

        _metrics.Announced(_time.GetUtcNow() - news.DecidedAt);
        return Task.CompletedTask;
    }

    Task IMessages.TellAsync(Announcement message, CancellationToken cancellationToken) =>
        _current.Value?.TryAdd(message) == true ? Task.CompletedTask : _hub.TellAsync(message, cancellationToken);

    /// <summary>The messages of one run.</summary>
    public sealed class Run
    {
        private readonly Lock _lock = new();
        private readonly BindingMessages _messages;
        private readonly List<Transition> _news = [];
        private readonly List<Announcement> _others = [];
        private bool _isOver;

        internal Run(BindingMessages messages) => _messages = messages;

        /// <summary>Ends the run. The news stands first, so that nothing that fails later holds it back.</summary>
        public IReadOnlyList<Announcement> End()
        {
            lock (_lock)
            {
                _isOver = true;
                IReadOnlyList<Announcement> all = [.. Announcements.For(_news, _messages._options, _messages._time.GetUtcNow()), .. _others];
                foreach (var message in all)
                {
                    _messages._metrics.HandedOn(message.Target);
                }

                return all;
            }
        }

        internal bool TryAdd(Transition news) => TryAdd(() => _news.Add(news));

        internal bool TryAdd(Announcement message) => TryAdd(() => _others.Add(message));

        private bool TryAdd(Action add)
        {
            lock (_lock)
            {
                if (!_isOver)
                {
                    add();
                }

                return !_isOver;
            }
        }
    }
}
