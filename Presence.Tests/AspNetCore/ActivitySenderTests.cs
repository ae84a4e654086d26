using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Presence.AspNetCore;
using Presence.Tests.Client;
using Presence.Tests.Core;

namespace Presence.Tests.AspNetCore;

public sealed class ActivitySenderTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = Some.Clock();
    private readonly Server _server = new();
    private readonly ServiceProvider _services;
    private readonly PresenceActivity _activity;
    private readonly ActivitySender _sender;
    private readonly ActivityQueue _queue;

    public ActivitySenderTests()
    {
        _services = Some.Services(_server, _time);
        (_activity, _sender, _queue) = (
            _services.GetRequiredService<PresenceActivity>(), _services.GetRequiredService<ActivitySender>(), _services.GetRequiredService<ActivityQueue>());
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task WhatWaitsGoesInOneCallWithTheMomentsOfTheRequests()
    {
        _server.Answers("""{"recorded":2}""");
        _activity.Record("alice");
        _time.Advance(TimeSpan.FromSeconds(1));
        _activity.Record("bob");
        _time.Advance(TimeSpan.FromSeconds(1));

        await FlushAsync();

        Assert.Equal("POST /api/activity/batch", $"{_server.Only.Method} {_server.Only.Path}");
        Assert.Equal([("alice", Some.Start), ("bob", Some.Start.AddSeconds(1))], Entries(_server.Only));
    }

    [Fact]
    public async Task AMomentIsThatOfTheLastRequestBeforeTheCall()
    {
        _server.Answers("""{"recorded":1}""");
        _activity.Record("alice");
        _time.Advance(TimeSpan.FromSeconds(1));
        _activity.Record("alice");
        _time.Advance(TimeSpan.FromSeconds(1));

        await FlushAsync();

        Assert.Equal([("alice", Some.Start.AddSeconds(1))], Entries(_server.Only));
        _time.Advance(TimeSpan.FromSeconds(65));
        await FlushAsync();
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task MoreThanACallTakesAreSeveralCalls()
    {
        _server.Answers("""{"recorded":200}""").Answers("""{"recorded":200}""").Answers("""{"recorded":50}""");
        for (var i = 0; i < 450; i++)
        {
            _activity.Record($"user-{i}");
        }

        await FlushAsync();

        Assert.Equal([200, 200, 50], _server.Asked.Select(asked => Entries(asked).Count));
    }

    [Fact]
    public async Task WhatTheAnswerNamesAsFailedIsSentAgainWithTheMomentItHad()
    {
        _server.Answers("""{"recorded":1,"failed":[{"index":1,"userId":"bob","code":"storage_unavailable"}]}""").Answers("""{"recorded":1}""");
        _activity.Record("alice");
        _activity.Record("bob");

        await _time.RunAsync(FlushAsync(), TimeSpan.FromMilliseconds(500));
        await FlushAsync();

        Assert.Equal([("bob", Some.Start)], Entries(_server.Asked[1]));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task WhatFailsAgainAndAgainIsGivenUp()
    {
        _activity.Record("alice");
        for (var i = 0; i < ActivitySender.MostFailures; i++)
        {
            _server.Answers("""{"failed":[{"index":0,"userId":"alice","code":"unreadable_record"}]}""");
            Assert.Equal(1, _queue.Count);
            await FlushAsync();
        }

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task WhileTheStorageIsAwayNothingIsGivenUpAndItIsLeftAloneForAMoment()
    {
        _activity.Record("alice");
        for (var i = 0; i <= ActivitySender.MostFailures; i++)
        {
            _server.Answers("""{"failed":[{"index":0,"userId":"alice","code":"storage_unavailable"}]}""");
            var began = _time.GetUtcNow();
            await _time.RunAsync(FlushAsync(), TimeSpan.FromMilliseconds(500));
            Assert.True(_time.GetUtcNow() - began >= ActivitySender.FirstPause);
        }

        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public async Task AServerThatIsAwayForNoTimeIsLeftAloneForAMomentAllTheSame()
    {
        _server.IsAway(seconds: 0);
        _activity.Record("alice");

        await _time.RunAsync(FlushAsync(), TimeSpan.FromMilliseconds(500));

        Assert.True(_time.GetUtcNow() - Some.Start >= ActivitySender.FirstPause);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task WhatComesBackHasNoRoomWhereNewerOnesHaveTakenIt()
    {
        await using var services = Some.Services(_server, _time, options => options.QueueCapacity = 200);
        var (activity, queue, sender) = (
            services.GetRequiredService<PresenceActivity>(), services.GetRequiredService<ActivityQueue>(), services.GetRequiredService<ActivitySender>());
        _server.Answers(_ =>
        {
            activity.Record("newer");
            throw new HttpRequestException("Lost.");
        });
        for (var i = 0; i < 200; i++)
        {
            activity.Record($"user-{i}");
        }

        await _time.RunAsync(sender.FlushAsync(CancellationToken.None).InTime(), TimeSpan.FromMilliseconds(500));

        Assert.Equal((200, 1), (queue.Count, services.GetRequiredService<ActivityMetrics>().Dropped));
        Assert.Equal("newer", queue.Take()[0].UserId);
    }

    [Fact]
    public async Task ARefusalThatIsNotOfPresenceIsNotTakenForOneOfAnEntry()
    {
        _server.Answers(HttpStatusCode.BadRequest, "<html>Bad gateway settings.</html>");
        _activity.Record("alice");
        _activity.Record("bob");

        await _time.RunAsync(FlushAsync(), TimeSpan.FromMilliseconds(500));

        Assert.Single(_server.Asked);
        Assert.Equal(2, _queue.Count);
        Assert.NotNull(_sender.LastFailure);
    }

    [Fact]
    public async Task WhatIsNotSentYetOfADividedBatchWaitsAgainWhenTheApplicationStops()
    {
        using var stop = new CancellationTokenSource();
        _server.Answers(HttpStatusCode.BadRequest, """{"success":false,"error":"[0].userId must be something else.","code":"invalid_input"}""").Answers(async token =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return null!;
        });
        foreach (var id in (string[])["a", "b", "c", "d"])
        {
            _activity.Record(id);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sender.FlushAsync(stop.Token).InTime());

        Assert.Equal(4, _queue.Count);
    }

    [Fact]
    public async Task WhileTheServerIsAwayAllIsKeptAndItIsLeftAloneForAsLongAsItSays()
    {
        _server.IsAway(seconds: 20).Answers("""{"recorded":1}""");
        _activity.Record("alice");

        var flushing = FlushAsync();
        await _server.CameAsync();
        await Patience.Until(() => _sender.LastFailure is not null);
        Assert.Equal(HealthStatus.Degraded, (await HealthAsync()).Status);
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(flushing.IsCompleted);
        await _time.RunAsync(flushing, TimeSpan.FromSeconds(1));
        await FlushAsync();

        Assert.Equal([("alice", Some.Start)], Entries(_server.Asked[1]));
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);
    }

    [Fact]
    public async Task OneThatBreaksALimitDoesNotKeepTheOthersBack()
    {
        const string Refusal = """{"success":false,"error":"[2].userId must be something else.","code":"invalid_input"}""";
        _server.Answers(HttpStatusCode.BadRequest, Refusal)
            .Answers("""{"recorded":2}""").Answers(HttpStatusCode.BadRequest, Refusal)
            .Answers(HttpStatusCode.BadRequest, Refusal).Answers("""{"recorded":1}""");
        foreach (var id in (string[])["a", "b", "wrong", "d"])
        {
            _activity.Record(id);
        }

        await FlushAsync();

        Assert.Equal(["a,b,wrong,d", "a,b", "wrong,d", "wrong", "d"], _server.Asked.Select(asked => string.Join(',', Entries(asked).Select(entry => entry.UserId))));
        Assert.Equal((0, null), (_queue.Count, _sender.LastFailure));
    }

    [Fact]
    public async Task WhileItRunsAFewWaitForTheIntervalAndAWholeBatchForNobody()
    {
        _server.Answers("""{"recorded":1}""").Answers("""{"recorded":200}""");
        await _sender.StartAsync(CancellationToken.None);

        _activity.Record("alice");
        await _time.RunAsync(_server.CameAsync(), TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 200; i++)
        {
            _activity.Record($"user-{i}");
        }

        // Before it stops: that may cancel a call whose answer is on its way, and then it is told again.
        await _server.CameAsync();
        Assert.Equal([1, 200], _server.Asked.Select(asked => Entries(asked).Count));
        await _sender.StopAsync(CancellationToken.None).InTime();
    }

    [Fact]
    public async Task OnStopWhatIsLeftIsToldWhatTheWindowsHoldBackAmongIt()
    {
        _server.Answers("""{"recorded":1}""").Answers("""{"recorded":2}""");
        _activity.Record("alice");
        await FlushAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        _activity.Record("alice");
        _activity.Record("bob");

        await _sender.StartAsync(CancellationToken.None);
        await _sender.StopAsync(CancellationToken.None).InTime();

        Assert.Equal([("alice", Some.Start.AddSeconds(10)), ("bob", Some.Start.AddSeconds(10))], Entries(_server.Asked[1]).Order());
    }

    [Fact]
    public async Task OnStopAServerThatDoesNotAnswerHoldsTheHostUpNoLongerThanItAllows()
    {
        using var limit = new CancellationTokenSource();
        _server.Answers(async token =>
        {
            await limit.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return null!;
        });
        _activity.Record("alice");

        await _sender.StartAsync(CancellationToken.None);
        await _sender.StopAsync(limit.Token).InTime();

        Assert.Single(_server.Asked);
        Assert.Equal(1, _services.GetRequiredService<ActivityMetrics>().Dropped);
    }

    private async Task<HealthReportEntry> HealthAsync() =>
        (await _services.GetRequiredService<HealthCheckService>().CheckHealthAsync(CancellationToken.None)).Entries["presence"];

    private Task FlushAsync() => _sender.FlushAsync(CancellationToken.None).InTime(() => $"The sender waits; its last failure: {_sender.LastFailure}");

    private static List<(string UserId, DateTimeOffset At)> Entries(Asked asked) =>
    [
        .. JsonElement.Parse(asked.Body).EnumerateArray()
            .Select(entry => (entry.GetProperty("userId").GetString()!, entry.GetProperty("at").GetDateTimeOffset())),
    ];
}
