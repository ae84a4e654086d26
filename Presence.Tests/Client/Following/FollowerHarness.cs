using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Presence.Client;
using Presence.Client.Following;

namespace Presence.Tests.Client.Following;

/// <summary>A follower, whose connections and whose server are in the hands of the test.</summary>
internal sealed class FollowerHarness : IAsyncDisposable
{
    private readonly Channel<Link> _links = Channel.CreateUnbounded<Link>();
    private readonly ServiceProvider _services;
    private readonly FakeLogger _log = new();
    private int _tokens;

    public FollowerHarness(Action<PresenceFollowerOptions>? configure = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time);
        services.AddPresenceClient(options => (options.BaseAddress, options.MaxRetries) = (Some.Address, 0)).ConfigurePrimaryHttpMessageHandler(() => Server);
        _services = services.BuildServiceProvider();
        var options = new PresenceFollowerOptions { GetCredentials = _ => ValueTask.FromResult(PresenceCredentials.Bearer($"token-{Interlocked.Increment(ref _tokens)}")) };
        configure?.Invoke(options);
        Follower = new(
            _services.GetRequiredService<IPresenceClient>(), options, Time, _log,
            _ =>
            {
                var link = new Link(Opens);
                _links.Writer.TryWrite(link);
                return link;
            },
            () => Chance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));

    public Answering Server { get; } = new();

    public PresenceFollower Follower { get; }

    /// <summary>What chance says.</summary>
    public double Chance { get; set; } = 0.5;

    /// <summary>Whether connections open at all.</summary>
    public bool Opens { get; set; } = true;

    /// <summary>The next connection that it opens.</summary>
    public Task<Link> ConnectsAsync() => _links.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime(Why);

    /// <summary>Whether it has opened one.</summary>
    public bool HasConnected => _links.Reader.Count > 0;

    /// <summary>Starts it, and lets it have this snapshot.</summary>
    public async Task<Link> LiveAsync(string snapshot = """{"conversations":[],"users":[]}""")
    {
        Follower.Start();
        var link = await ConnectsAsync();
        link.Hears("presence:snapshot", snapshot);
        await IsLiveAsync();
        return link;
    }

    /// <summary>Ends when it is live.</summary>
    public Task IsLiveAsync() => Follower.WhenLiveAsync(TestContext.Current.CancellationToken).InTime(Why);

    /// <summary>Ends when this holds.</summary>
    public Task Until(Func<bool> holds) => Patience.Until(holds, Why);

    public async ValueTask DisposeAsync()
    {
        await Follower.DisposeAsync().AsTask().InTime(Why);
        await _services.DisposeAsync();
        Server.Dispose();
    }

    private string Why() =>
        $"The follower is {Follower.State}; it was told: {string.Join('\n', _log.Collector.GetSnapshot().Select(told => $"{told.Message} {told.Exception}"))}";

    /// <summary>A connection.</summary>
    internal sealed class Link(bool opens) : IPresenceLink
    {
        private readonly Channel<LinkMessage> _messages = Channel.CreateUnbounded<LinkMessage>();

        public string ConnectionId { get; } = Guid.NewGuid().ToString("N");

        public ChannelReader<LinkMessage> Messages => _messages.Reader;

        public bool IsClosed { get; private set; }

        public void Hears(string target, string argument) => _messages.Writer.TryWrite(new(target, JsonElement.Parse(argument)));

        public void Closes() => _messages.Writer.TryComplete();

        public Task OpenAsync(CancellationToken cancellationToken) => opens ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancellationToken);

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            Closes();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Answers by path; negotiating is granted unless said otherwise.</summary>
    internal sealed class Answering : HttpMessageHandler
    {
        private readonly ConcurrentDictionary<string, Func<Asked, Task<(HttpStatusCode, string)>>> _answers = new();

        public ConcurrentQueue<Asked> Asked { get; } = new();

        /// <summary>How it answers from now on: by method and path, without the query.</summary>
        public void On(string methodAndPath, HttpStatusCode status, string body) => On(methodAndPath, _ => Task.FromResult((status, body)));

        public void On(string methodAndPath, string data) => On(methodAndPath, HttpStatusCode.OK, $$"""{"success":true,"data":{{data}}}""");

        public void On(string methodAndPath, Func<Asked, Task<(HttpStatusCode, string)>> answer) => _answers[methodAndPath] = answer;

        public IReadOnlyList<Asked> AskedOf(string path) => [.. Asked.Where(asked => asked.Path.Contains(path, StringComparison.Ordinal))];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var asked = new Asked(
                request.Method.Method, request.RequestUri!.PathAndQuery, body, request.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value)));
            Asked.Enqueue(asked);
            var (status, text) = _answers.TryGetValue($"{request.Method} {request.RequestUri.AbsolutePath}", out var answer) ? await answer(asked)
                : asked.Path.EndsWith("negotiate", StringComparison.Ordinal) ? (HttpStatusCode.OK, """{"url":"https://service.test","accessToken":"granted"}""")
                : throw new InvalidOperationException($"Nobody said how to answer {request.Method} {asked.Path}.");
            var message = new HttpResponseMessage(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
            if (JsonElement.Parse(text.Length == 0 ? "{}" : text).TryGetProperty("retryAfterSeconds", out var seconds))
            {
                message.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds.GetDouble()));
            }

            return message;
        }
    }
}
