using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Presence.Client;

namespace Presence.Tests.Client;

public sealed class AnotherTryTests : IDisposable
{
    private readonly Server _server = new();
    private readonly WaitingTime _time = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task ACallThatMayBeMadeTwiceIsMadeAgainWhenTheServerSaysSo()
    {
        _server.IsAway(seconds: 7).Answers("{}");

        var call = Some.Client(_server, time: _time).GetStatsAsync();
        await _time.WaitsForAsync(TimeSpan.FromSeconds(7));
        Assert.Single(_server.Asked);
        _time.Advance(TimeSpan.FromSeconds(7));

        await call.InTime();
        Assert.Equal(2, _server.Asked.Count);
    }

    [Theory, InlineData(HttpStatusCode.BadGateway), InlineData(HttpStatusCode.GatewayTimeout), InlineData(HttpStatusCode.TooManyRequests)]
    public async Task SoItIsWhereNobodySaysHowLongToWait(HttpStatusCode status)
    {
        _server.Answers(status).Answers("{}");

        var call = Some.Client(_server, time: _time).RecordActivityAsync(Some.Alice);
        await _time.WaitsForAsync(atMost: TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        await call.InTime();
        Assert.Equal(2, _server.Asked.Count);
    }

    [Fact]
    public async Task ALostConnectionIsTriedAgainWithTheSameBody()
    {
        _server.Answers(_ => throw new HttpRequestException("Reset.")).Answers("""{"recorded":1}""");

        var call = Some.Client(_server, time: _time).RecordActivityAsync([new() { UserId = "alice" }]);
        await _time.WaitsForAsync(atMost: TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(1, (await call.InTime()).Recorded);
        Assert.Equal(_server.Asked[0].Body, _server.Asked[1].Body);
    }

    [Fact]
    public async Task WhatIsNotSafeTwiceIsMadeOnce()
    {
        var client = Some.Client(_server, time: _time);
        Func<Task>[] calls =
        [
            () => client.CreateAnonymousSessionAsync(),
            () => client.ResetStatusMetricsAsync(),
            () => client.SetUserStatusAsync("alice", isOnline: false),
            () => client.NegotiateAsync(null, Some.Alice),
            () => client.ShowStateAsync("team", JsonElement.Parse("1"), null, Some.Alice),
        ];

        foreach (var call in calls)
        {
            _server.IsAway();
            Assert.Equal(PresenceErrorCode.StorageUnavailable, (await Assert.ThrowsAsync<PresenceException>(() => call().InTime())).Code);
        }

        Assert.Equal(calls.Length, _server.Asked.Count);
    }

    [Fact]
    public async Task WhatWaitingDoesNotMendIsNotTriedAgain()
    {
        var client = Some.Client(_server, time: _time);
        foreach (var status in new[] { HttpStatusCode.InternalServerError, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound })
        {
            _server.Answers(status);
            Assert.Equal(status, (await Assert.ThrowsAsync<PresenceException>(() => client.GetStatsAsync())).StatusCode);
        }

        Assert.Equal(4, _server.Asked.Count);
    }

    [Theory]
    [InlineData("Thu, 26 Nov 2026 10:00:07 GMT", "Thu, 26 Nov 2026 10:00:00 GMT", 7)]
    [InlineData("Thu, 26 Nov 2026 09:00:07 GMT", "Thu, 26 Nov 2026 09:00:00 GMT", 7)]
    [InlineData("Thu, 26 Nov 2026 10:00:09 GMT", null, 9)]
    public async Task AMomentUntilWhichToWaitIsMeantByTheClockOfWhoSaysIt(string until, string? date, int seconds)
    {
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero), _time.GetUtcNow());
        _server.Answers(HttpStatusCode.ServiceUnavailable, "", [("Retry-After", until), .. date is null ? Array.Empty<(string, string)>() : [("Date", date)]]).Answers("{}");

        var call = Some.Client(_server, time: _time).GetStatsAsync();
        await _time.WaitsForAsync(TimeSpan.FromSeconds(seconds));
        Assert.Single(_server.Asked);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        await call.InTime();
        Assert.Equal(2, _server.Asked.Count);
    }

    [Theory]
    [InlineData("Thu, 26 Nov 2026 10:01:00 GMT", 60)]
    [InlineData("Thu, 26 Nov 2026 09:59:00 GMT", 0)]
    [InlineData("Fri, 26 Nov 2027 10:00:00 GMT", 86_400)]
    public async Task WhoIsLeftToWaitIsToldHowLongThatIs(string until, int seconds)
    {
        _server.Answers(HttpStatusCode.ServiceUnavailable, "", ("Retry-After", until));

        var e = await Assert.ThrowsAsync<PresenceException>(() => Some.Client(_server, options => options.MaxRetries = 0, _time).GetStatsAsync());

        Assert.Equal(TimeSpan.FromSeconds(seconds), e.RetryAfter);
    }

    [Fact]
    public async Task ALongerWaitThanTheCallerMayWaitIsLeftToIt()
    {
        _server.IsAway(seconds: 16);

        var e = await Assert.ThrowsAsync<PresenceException>(() => Some.Client(_server, time: _time).GetStatsAsync());

        Assert.Equal(TimeSpan.FromSeconds(16), e.RetryAfter);
    }

    [Fact]
    public async Task ItGivesUpAfterAsManyTriesAsMayBe()
    {
        _server.IsAway().IsAway().IsAway();

        var call = Some.Client(_server, options => options.MaxRetries = 2, _time).GetStatsAsync();
        for (var i = 0; i < 2; i++)
        {
            await _time.WaitsForAsync(TimeSpan.FromSeconds(2));
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        await Assert.ThrowsAsync<PresenceException>(() => call.InTime());
        Assert.Equal(3, _server.Asked.Count);
    }

    [Fact]
    public async Task AnAttemptThatIsNotAnsweredEnds()
    {
        _server.Answers(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return null!;
        });

        var call = Some.Client(_server, options => options.MaxRetries = 0, _time).GetStatsAsync();
        await _server.CameAsync();
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(PresenceErrorCode.TimedOut, (await Assert.ThrowsAsync<PresenceException>(() => call.InTime())).Code);
    }

    [Fact]
    public async Task NeitherDoesOneWhoseAnswerStopsInTheMiddleLastForEver()
    {
        _server.Answers(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new Endless() })).Answers("{}");

        var call = Some.Client(_server, options => options.MaxRetries = 1, _time).GetStatsAsync();
        await _server.CameAsync();
        _time.Advance(TimeSpan.FromSeconds(11));
        await _time.WaitsForAsync(atMost: TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        await call.InTime();
        Assert.Equal(2, _server.Asked.Count);
    }

    /// <summary>A body that begins, and does not end.</summary>
    private sealed class Endless : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.Delay(Timeout.Infinite);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.Infinite, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Says when somebody begins to wait, so that time passes only then.</summary>
    private sealed class WaitingTime : FakeTimeProvider
    {
        private static readonly TimeSpan[] Limits = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40)];

        private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

        public WaitingTime()
            : base(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero))
        {
        }

        public async Task WaitsForAsync(TimeSpan? exactly = null, TimeSpan? atMost = null)
        {
            var wait = await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime();
            Assert.InRange(wait, exactly ?? TimeSpan.Zero, exactly ?? atMost!.Value);
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && dueTime != Timeout.InfiniteTimeSpan && !Limits.Contains(dueTime))
            {
                _waits.Writer.TryWrite(dueTime);
            }

            return timer;
        }
    }
}
