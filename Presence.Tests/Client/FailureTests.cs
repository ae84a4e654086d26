using System.Net;
using Presence.Client;
using Presence.Client.Model;

namespace Presence.Tests.Client;

public class FailureTests
{
    [Fact]
    public async Task ARefusalSaysItsStatusItsCodeAndHowLongToWait()
    {
        var server = new Server().IsAway(seconds: 90);

        var e = await Assert.ThrowsAsync<PresenceException>(() => Some.Client(server).CleanUpAsync());

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, PresenceErrorCode.StorageUnavailable, TimeSpan.FromSeconds(90), "The storage is out of reach; try again."),
            (e.StatusCode, e.Code, e.RetryAfter, e.Message));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, PresenceErrorCode.Unauthenticated)]
    [InlineData(HttpStatusCode.NotFound, PresenceErrorCode.NotFound)]
    [InlineData(HttpStatusCode.Found, PresenceErrorCode.UnreadableAnswer)]
    public async Task ARefusalWithoutABodyHasACodeAsWell(HttpStatusCode status, string code)
    {
        var e = await Assert.ThrowsAsync<PresenceException>(() => Some.Client(new Server().Answers(status)).GetStatsAsync());

        Assert.Equal((status, code), (e.StatusCode, e.Code));
    }

    [Theory, InlineData("<html>"), InlineData("[]"), InlineData("null"), InlineData("{\"success\":true}"), InlineData("{\"data\":7}")]
    public async Task WhatIsNoAnswerOfPresenceIsSaidToBeNone(string body)
    {
        var e = await Assert.ThrowsAsync<PresenceException>(() => Some.Client(new Server().Answers(HttpStatusCode.OK, body)).GetStatsAsync());

        Assert.Equal(PresenceErrorCode.UnreadableAnswer, e.Code);
    }

    [Fact]
    public async Task AServerThatCannotBeReachedIsAFailureWithoutAStatus()
    {
        var server = new Server().Answers(_ => throw new HttpRequestException("No such host."));

        var e = await Assert.ThrowsAsync<PresenceException>(() => Some.Client(server, options => options.MaxRetries = 0).GetStatsAsync());

        Assert.Equal((null, PresenceErrorCode.Unreachable), (e.StatusCode, e.Code));
    }

    [Fact]
    public async Task ACallThatItsCallerGivesUpIsCancelled()
    {
        var server = new Server().Answers(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return null!;
        });
        using var stop = new CancellationTokenSource();

        var call = Some.Client(server).GetStatsAsync(stop.Token);
        await server.CameAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task WhatANewerServerSaysBesidesBreaksNothing()
    {
        var server = new Server().Answers("""
            {"userId":"bob","isOnline":true,"status":"dreaming","availability":"inASauna","device":"watch","lastSeen":"someday",
             "version":7,"mood":{"of":["tomorrow"]},"lastActiveAt":"2026-11-26T10:00:00.123Z"}
            """);

        var bob = await Some.Client(server).GetPresenceAsync("bob", Some.Alice);

        Assert.Equal(
            new PresenceView
            {
                UserId = "bob", IsOnline = true, Status = "dreaming", Availability = "inASauna", Device = "watch", LastSeen = "someday", Version = 7,
                LastActiveAt = new(2026, 11, 26, 10, 0, 0, 123, TimeSpan.Zero),
            },
            bob);
    }

    [Fact]
    public async Task WhatIsNotReadyIsAnAnswerAndNoFailure()
    {
        var server = new Server().Answers(
            HttpStatusCode.ServiceUnavailable, """{"status":"Unhealthy","dependencies":{"storage":"Unhealthy","signalr":"Healthy"}}""");

        var health = await Some.Client(server).GetReadinessAsync();

        Assert.False(health.IsHealthy);
        Assert.Equal("Unhealthy", health.Dependencies["storage"]);
    }
}
