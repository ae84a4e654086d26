using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Webhooks;
using Presence.Tests.Core.Metrics;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Webhooks;

public sealed class WebhookDeliveryTests : IDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly FakeEvents _events = new();
    private readonly FakeReceivers _receivers = new();
    private readonly InMemoryWebhooks _webhooks = new();
    private readonly Measured _measured = new();
    private long _version;
    private Uri? _topic;

    private static Uri Topic { get; } = new("https://presence.westeurope-1.eventgrid.azure.net/api/events");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private MetricTotals Totals => _measured.Metrics.Totals;

    [Fact]
    public async Task WithoutWebhooksNothingIsRead()
    {
        Tell(Alice);

        Assert.Equal(new(0, 0, 0, 0), await RunAsync());
        Assert.Equal(0, _events.Requests);
    }

    [Fact]
    public async Task EventsAreDeliveredOnceAndTheCursorMovesBehindThem()
    {
        var webhook = await AddAsync();
        var told = Tell(Alice, Bob, Alice);

        Assert.Equal(new(1, 1, 0, 0), await RunAsync());
        Assert.Equal(told, _receivers.EventsOf(webhook.Id));
        Assert.Equal(new(1, 0, 0, 0), await RunAsync());
        Assert.Equal(told, _receivers.EventsOf(webhook.Id));
        Assert.Equal((200, null), (_webhooks[webhook.Id].Health.LastStatus, _webhooks[webhook.Id].Health.LastFailure));
    }

    [Fact]
    public async Task ManyEventsGoInMessagesOfAHundredAsLongAsTheReceiverTakesThem()
    {
        var webhook = await AddAsync();
        var told = Tell(Users(250));
        TakeRequests();

        Assert.Equal(new(1, 3, 0, 0), await RunAsync());

        Assert.Equal(_events.ShardCount, TakeRequests());
        Assert.Equal([100, 100, 50], _receivers.Received.Select(got => got.Events.Count));
        Assert.Equal(told.Order(), _receivers.EventsOf(webhook.Id).Order());
        Assert.Equal(3, _webhooks.Replaced);
    }

    /// <summary>The cursor of each message is as good as one of a page read by itself: what fails goes on right there.</summary>
    [Fact]
    public async Task AMessageInTheMiddleOfWhatWasReadThatFailsIsTheFirstOfTheNextRun()
    {
        var webhook = await AddAsync();
        var told = Tell(Users(350));
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(_receivers.Received.Count == 3 ? 500 : 200));

        Assert.Equal(new(1, 2, 1, 0), await RunAsync());
        var failed = _receivers.Received.Last();
        _clock.Advance(Seconds(5));
        Assert.Equal(new(1, 2, 0, 0), await RunAsync());

        Assert.Equal([100, 100, 100, 100, 50], _receivers.Received.Select(got => got.Events.Count));
        Assert.Equal(failed.MessageId, _receivers.Received.ElementAt(3).MessageId);
        Assert.Equal(told.Order(), _receivers.Received.Where(got => got != failed).SelectMany(got => got.Events).Order());
        Assert.Equal(new(1, 0, 0, 0), await RunAsync());
    }

    [Fact]
    public async Task WhatFailsIsSentAgainLaterAndNotBefore()
    {
        var webhook = await AddAsync();
        var told = Tell(Alice);
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(500));

        Assert.Equal(new(1, 0, 1, 0), await RunAsync());
        _clock.Advance(Seconds(4));
        Assert.Equal(new(0, 0, 0, 0), await RunAsync());
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(204));
        _clock.Advance(Seconds(1));
        Assert.Equal(new(1, 1, 0, 0), await RunAsync());

        var got = _receivers.Received.ToList();
        Assert.Equal([told, told], got.Select(one => one.Events));
        Assert.Equal(got[0].MessageId, got[1].MessageId);
        Assert.Equal((0, null), (_webhooks[webhook.Id].Health.FailedAttempts, _webhooks[webhook.Id].Health.FailingSince));
    }

    [Fact]
    public async Task ARetryThatHoldsMoreEventsIsAnotherMessage()
    {
        await AddAsync();
        Tell(Alice);
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Failed(WebhookFailure.TimedOut));
        await RunAsync();
        Tell(Bob);
        _clock.Advance(Seconds(10));
        await RunAsync();

        Assert.Equal([1, 2], _receivers.Received.Select(got => got.Events.Count));
        Assert.Distinct(_receivers.Received.Select(got => got.MessageId));
    }

    [Fact]
    public async Task OneThatFailsOrIsSlowHoldsNoOther()
    {
        var (slow, failing, good) = (await AddAsync(), await AddAsync(), await AddAsync());
        var told = Tell(Users(150));
        var answers = new TaskCompletionSource<WebhookAttempt>();
        _receivers.Answer = webhook => webhook.Id == slow.Id ? answers.Task
            : Task.FromResult(WebhookAttempt.Answered(webhook.Id == failing.Id ? 500 : 200));

        var running = RunAsync();
        Assert.Equal(told.Order(), _receivers.EventsOf(good.Id).Order());

        // The time of the run is over by then: the slow one is sent its next message by the next run.
        _clock.Advance(WebhookDelivery.BeginWithin);
        answers.SetResult(WebhookAttempt.Answered(200));
        Assert.Equal(new(3, 3, 1, 0), await running);
        Assert.Equal(100, _receivers.EventsOf(slow.Id).Count);
    }

    [Fact]
    public async Task ThoseWhoHaveGotEquallyFarShareThePages()
    {
        foreach (var _ in Enumerable.Range(0, 10))
        {
            await AddAsync();
            _clock.Advance(Seconds(3));
        }

        // Each begins at a moment of its own. From the first event on all have the same cursor.
        Tell(Alice);
        TakeRequests();
        Assert.Equal(10, (await RunAsync()).Delivered);
        Assert.Equal(10 * _events.ShardCount, TakeRequests());
        Tell(Bob);
        Assert.Equal(10, (await RunAsync()).Delivered);
        Assert.Equal(_events.ShardCount, TakeRequests());
    }

    [Fact]
    public async Task WhereNothingHappensCursorsMoveTogetherEachHalfHour()
    {
        await AddAsync();
        _clock.Advance(Seconds(3));
        await AddAsync();
        for (var minute = 0; minute < 30; minute++)
        {
            await RunAsync();
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(0, _webhooks.Replaced);
        await RunAsync();
        Assert.Equal(2, _webhooks.Replaced);
        TakeRequests();
        await RunAsync();
        Assert.Equal(_events.ShardCount, TakeRequests());
    }

    [Fact]
    public async Task WhatItsFilterHoldsBackIsPassedOverByOneWrite()
    {
        var webhook = await AddAsync(filter: new(Users: [Bob]));
        Tell(Users(250));
        var bob = Tell(Bob);

        await RunAsync();
        Assert.Equal(bob, _receivers.EventsOf(webhook.Id));
        Assert.Equal(1, _webhooks.Replaced);
        Tell(Users(250));
        await RunAsync();
        Assert.Equal(2, _webhooks.Replaced);
    }

    [Fact]
    public async Task OfTwoInstancesOneMovesTheCursorAndWhatBothSentIsTheSameMessage()
    {
        var webhook = await AddAsync();
        Tell(Alice);
        WebhookReport? other = null;
        _receivers.Answer = async _ =>
        {
            _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(200));
            other = await RunAsync();
            return WebhookAttempt.Answered(500);
        };

        Assert.Equal(new(1, 0, 1, 1), await RunAsync());
        Assert.Equal(new(1, 1, 0, 0), other);
        Assert.Single(_receivers.Received.Select(got => got.MessageId).Distinct());
        Assert.Equal((0, 1), (_webhooks[webhook.Id].Health.FailedAttempts, _webhooks.Replaced));
    }

    [Fact]
    public async Task AReceiverThatIsGoneIsToldOfInTheMetricsAndSentNothingMore()
    {
        var webhook = await AddAsync();
        Tell(Alice);
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(410));
        await RunAsync();
        Tell(Bob);
        await RunAsync();

        Assert.Single(_receivers.Received);
        Assert.Equal(WebhookEnd.Gone, _webhooks[webhook.Id].Health.End);
        Assert.Equal((1, 0), (Totals.ValueOf(MetricCatalogue.WebhooksDisabled, "gone"), Totals.ValueOf(MetricCatalogue.WebhooksDisabled, "failing")));
        Assert.Equal((0, 1), (Totals.ValueOf(MetricCatalogue.WebhookAttempts, "delivered"), Totals.ValueOf(MetricCatalogue.WebhookAttempts, "failed")));
    }

    [Fact]
    public async Task AReceiverThatFailsForFiveDaysIsDisabledAndGoesOnFromThereOnceEnabled()
    {
        var webhook = await AddAsync();
        var told = Tell(Alice);
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Failed(WebhookFailure.NoAnswer));
        for (var hour = 0; hour <= 120; hour++)
        {
            await RunAsync();
            _clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal((WebhookEnd.Failing, "noAnswer"), (_webhooks[webhook.Id].Health.End, _webhooks[webhook.Id].Health.LastFailure));
        Assert.Equal(1, Totals.ValueOf(MetricCatalogue.WebhooksDisabled, "failing"));
        _receivers.Received.Clear();
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(200));
        await CreateSubscriptions().ChangeAsync(webhook.Id, w => WebhookSubscriptions.Enabled(w, isEnabled: true, _clock.GetUtcNow()), Cancellation);

        await RunAsync();
        Assert.Equal(told, _receivers.EventsOf(webhook.Id));
    }

    [Fact]
    public async Task OneWhoseEventsWereNotKeptMeanwhileGoesOnWithTheOldestThatIsThereAndSaysSo()
    {
        var webhook = await AddAsync();
        _clock.Advance(TimeSpan.FromHours(3));
        _events.CompleteSince = _clock.GetUtcNow() - TimeSpan.FromHours(1);
        var kept = Tell(Alice);

        await RunAsync();

        Assert.Equal(kept, _receivers.EventsOf(webhook.Id));
        Assert.NotNull(_webhooks[webhook.Id].Health.SkippedAt);
    }

    [Fact]
    public async Task OneTooFarBehindGoesOnWithTheOldestThatIsKeptAndSaysSo()
    {
        var webhook = await AddAsync();
        await CreateSubscriptions().ChangeAsync(webhook.Id, w => WebhookSubscriptions.Enabled(w, isEnabled: false, _clock.GetUtcNow()), Cancellation);
        _clock.Advance(TimeSpan.FromDays(8));
        var kept = Tell(Alice);
        await CreateSubscriptions().ChangeAsync(webhook.Id, w => WebhookSubscriptions.Enabled(w, isEnabled: true, _clock.GetUtcNow()), Cancellation);

        await RunAsync();

        Assert.Equal(kept, _receivers.EventsOf(webhook.Id));
        Assert.NotNull(_webhooks[webhook.Id].Health.SkippedAt);
        Assert.Equal(1, Totals.ValueOf(MetricCatalogue.WebhooksSkipped));
        await RunAsync();
        Assert.Equal(1, Totals.ValueOf(MetricCatalogue.WebhooksSkipped));
    }

    [Fact]
    public async Task AFeedThatCannotBeReadLosesNothing()
    {
        var webhook = await AddAsync();
        var told = Tell(Alice);
        _events.Failure = new StoreUnavailableException("The storage is out of reach.");

        Assert.Equal(new(1, 0, 0, 1), await RunAsync());
        _events.Failure = null;
        Assert.Equal(new(1, 1, 0, 0), await RunAsync());

        Assert.Equal(told, _receivers.EventsOf(webhook.Id));
    }

    [Fact]
    public async Task AMessageTooLargeIsDivided()
    {
        var webhook = await AddAsync();
        var told = Tell([.. Enumerable.Range(0, 100).Select(i => PresenceKey.Registered(new string('\u00e4', 120) + i))], new string('\u00e4', 1_000));

        await RunAsync();

        Assert.True(_receivers.Received.Count > 1);
        Assert.Equal(told.Order(), _receivers.EventsOf(webhook.Id).Order());
    }

    [Fact]
    public async Task HowLateEventsAreIsMeasuredFromTheFirstOfAMessage()
    {
        await AddAsync();
        Tell(Alice);
        _clock.Advance(Seconds(7));
        Tell(Bob);
        _clock.Advance(Seconds(2));
        using var lags = new MetricCollector<double>(_measured.Meters, MetricCatalogue.SourceName, MetricCatalogue.WebhookLag.Name);

        await RunAsync();

        // Two seconds are added by each telling.
        Assert.Equal(13, Assert.Single(lags.GetMeasurementSnapshot()).Value);
    }

    [Fact]
    public async Task WithoutAFeedNothingIsAsked()
    {
        await AddAsync();

        Assert.Equal(new(0, 0, 0, 0), await Create(Settings(o => o.EventRetention = TimeSpan.Zero)).RunAsync(Cancellation));
    }

    [Fact]
    public async Task TheTopicOfTheSettingsIsPreparedOnceAndSentWhatHappensFromThenOn()
    {
        Tell(Alice);
        _topic = Topic;
        Assert.Equal(new(0, 0, 0, 0), await RunAsync());
        Assert.Equal(_events.ShardCount, TakeRequests());
        var told = Tell(Bob);

        Assert.Equal(new(1, 1, 0, 0), await RunAsync());

        Assert.Equal(told, _receivers.EventsOf(Webhook.EventGridId));
        Assert.Equal(Webhook.EventGridId, Assert.Single(await CreateSubscriptions().ListAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task WithoutATopicItRestsUnseenAndGoesOnFromWhereItWasWithOneAgain()
    {
        _topic = Topic;
        await RunAsync();
        _topic = null;
        var told = Tell(Alice);

        Assert.Equal(new(0, 0, 0, 0), await RunAsync());
        Assert.Empty(await CreateSubscriptions().ListAsync(Cancellation));
        _topic = Topic;
        Assert.Equal(new(1, 1, 0, 0), await RunAsync());
        Assert.Equal(told, _receivers.EventsOf(Webhook.EventGridId));
    }

    [Fact]
    public async Task AnotherTopicIsTriedAtOnceAndGoesOnFromWhereTheFirstWas()
    {
        _topic = Topic;
        await RunAsync();
        var told = Tell(Alice);
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(401));
        await RunAsync();
        _clock.Advance(Seconds(5));
        await RunAsync();
        _receivers.Received.Clear();
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(200));
        _topic = new("https://other.example.com/api/events");

        await RunAsync();
        Assert.Equal(new(1, 1, 0, 0), await RunAsync());

        Assert.Equal(_topic, _webhooks[Webhook.EventGridId].Url);
        Assert.Equal(told, _receivers.EventsOf(Webhook.EventGridId));
    }

    [Fact]
    public async Task TheTopicIsNoneOfTheFifty()
    {
        _topic = Topic;
        await RunAsync();
        for (var i = 0; i < Webhook.Most; i++)
        {
            await AddAsync();
        }

        await Assert.ThrowsAsync<InvalidInputException>(() => AddAsync());
    }

    public void Dispose() => _measured.Dispose();

    private async Task<Webhook> AddAsync(WebhookFilter? filter = null) =>
        (await CreateSubscriptions().AddAsync(new(new("https://hooks.example.com/"), null, filter ?? WebhookFilter.Everything, After: null), Cancellation)).Webhook;

    private string[] Tell(params PresenceKey[] users) => Tell(users, text: null);

    /// <summary>An event of each; two seconds later they can be read.</summary>
    private string[] Tell(PresenceKey[] users, string? text)
    {
        List<string> ids = [];
        foreach (var user in users)
        {
            var told = Hooks.Event(user, ++_version, _clock.GetUtcNow());
            _events.Add(_clock.GetUtcNow(), told with { View = told.View! with { Text = text } });
            ids.Add(told.Id);
        }

        _clock.Advance(Seconds(2));
        return [.. ids];
    }

    private int TakeRequests()
    {
        var requests = _events.Requests;
        _events.Requests = 0;
        return requests;
    }

    private Task<WebhookReport> RunAsync() => Create().RunAsync(Cancellation);

    private WebhookSubscriptions CreateSubscriptions() => new(_webhooks, Feed(Settings()), EventGrid(Feed(Settings())), _receivers, _clock);

    private WebhookDelivery Create(PresenceOptions? options = null) => new(
        _webhooks, Feed(options ?? Settings()), EventGrid(Feed(options ?? Settings())), _receivers, _measured.Metrics, _clock, NullLogger<WebhookDelivery>.Instance);

    private EventGridWebhook EventGrid(EventFeed feed) => Hooks.EventGrid(_webhooks, feed, _clock, _topic);

    private EventFeed Feed(PresenceOptions options) => new(_events, Microsoft.Extensions.Options.Options.Create(options), _clock);
}
