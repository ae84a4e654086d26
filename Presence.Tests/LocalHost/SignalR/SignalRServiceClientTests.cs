using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Presence.LocalHost.SignalR;

namespace Presence.Tests.LocalHost.SignalR;

public class SignalRServiceClientTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string ConnectionString = $"Endpoint=https://some.service.test;AccessKey={Key};Version=1.0;";

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(9);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void NegotiationNamesTheHubInLowerCaseAndTheUser()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var service = Create(new StubHandler(HttpStatusCode.OK), time);

        var (url, accessToken) = service.Negotiate(
            "PresenceHub", "ann", [new Claim("role", "guest"), new Claim("iss", "me")], TimeSpan.FromMinutes(9));

        var token = new JsonWebToken(accessToken);
        Assert.Equal("https://some.service.test/client/?hub=presencehub", url);
        Assert.Equal("HS256", token.Alg);
        Assert.Equal(url, Assert.Single(token.Audiences));
        Assert.Equal("ann", token.GetClaim("asrs.s.uid").Value);
        Assert.Equal("guest", token.GetClaim("role").Value);
        Assert.Equal("me", token.GetClaim("asrs.u.iss").Value);
        Assert.Equal(time.GetUtcNow().UtcDateTime.AddMinutes(9), token.ValidTo);
    }

    [Fact]
    public void OnRequestNegotiationAsksForTheEndOfTheConnectionWithItsToken()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var service = Create(new StubHandler(HttpStatusCode.OK), time);

        var ends = new JsonWebToken(service.Negotiate("hub", "ann", lifetime: Soon, closeOnAuthenticationExpiration: true).AccessToken);
        var stays = new JsonWebToken(service.Negotiate("hub", "ann", lifetime: Soon).AccessToken);

        Assert.Equal("true", ends.GetClaim("asrs.s.coae").Value);
        Assert.Equal(ends.GetClaim("exp").Value, ends.GetClaim("asrs.s.aeo").Value);
        Assert.Equal(time.GetUtcNow() + Soon, DateTimeOffset.FromUnixTimeSeconds(ends.GetPayloadValue<long>("exp")));
        Assert.False(stays.TryGetClaim("asrs.s.coae", out _) || stays.TryGetClaim("asrs.s.aeo", out _));
    }

    [Fact]
    public void NegotiationForNobodyNamesNoUser()
    {
        var token = new JsonWebToken(Create(new StubHandler(HttpStatusCode.OK)).Negotiate("hub", userId: null).AccessToken);

        Assert.False(token.TryGetClaim("asrs.s.uid", out _));
    }

    [Fact]
    public async Task TheAudienceOfACallIsItsAddressWithoutTheQuery()
    {
        var handler = new StubHandler(HttpStatusCode.Accepted);

        await Create(handler).SendToAllAsync("Hub", "news", [], ["c1", "c/2"], Cancellation);

        Assert.Equal(
            "https://some.service.test/api/hubs/hub/:send?api-version=2022-06-01&excluded=c1&excluded=c%2F2", handler.Address);
        Assert.Equal("https://some.service.test/api/hubs/hub/:send", Assert.Single(new JsonWebToken(handler.Token!).Audiences));
    }

    [Fact]
    public async Task AFailureNamesTheOperationAndTheStatusButNoSecret()
    {
        var handler = new StubHandler(HttpStatusCode.Unauthorized);

        var error = await Assert.ThrowsAsync<SignalRServiceException>(
            () => Create(handler).SendToUserAsync("hub", "ann", "news", [], Cancellation));

        Assert.Equal(("send to a user", HttpStatusCode.Unauthorized), (error.Operation, error.StatusCode));
        Assert.Contains("401", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(handler.Token!, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceOutOfReachIsAFailureWithoutStatus()
    {
        var error = await Assert.ThrowsAsync<SignalRServiceException>(
            () => Create(new StubHandler(new HttpRequestException("no route"))).CheckHealthAsync(Cancellation));

        Assert.Null(error.StatusCode);
        Assert.Contains("no route", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatDoesNotComeInTimeIsAFailure()
    {
        var error = await Assert.ThrowsAsync<SignalRServiceException>(
            () => Create(new StubHandler(new TaskCanceledException())).ConnectionExistsAsync("hub", "c", Cancellation));

        Assert.Null(error.StatusCode);
    }

    [Fact]
    public async Task NoCallWaitsLongerThanItsHttpClient()
    {
        using var neverAnswers = new TcpListener(IPAddress.Loopback, 0);
        neverAnswers.Start();
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(1) };
        var connection = SignalRConnectionString.Parse($"Endpoint=http://{neverAnswers.LocalEndpoint};AccessKey={Key}");
        var service = new SignalRServiceClient(connection, http, TimeProvider.System);

        var error = await Assert.ThrowsAsync<SignalRServiceException>(() => service.SendToGroupAsync("hub", "g", "news", [], null, Cancellation));

        Assert.Null(error.StatusCode);
    }

    [Fact]
    public async Task WhoGivesUpIsNotToldThatTheServiceFailed()
    {
        using var given = new CancellationTokenSource();
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Create(new StubHandler(new TaskCanceledException())).SendToAllAsync("hub", "news", [], null, given.Token));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Tue, 01 Jan 2030 00:00:09 GMT", 9)]
    [InlineData("Mon, 31 Dec 2029 23:59:00 GMT", 0)]
    [InlineData(null, null)]
    public async Task ARefusalTellsHowLongToWait(string? header, int? seconds)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var service = Create(new StubHandler(HttpStatusCode.TooManyRequests) { RetryAfter = header }, time);

        var sent = await Assert.ThrowsAsync<SignalRServiceException>(() => service.SendToAllAsync("hub", "news", [], null, Cancellation));
        var asked = await Assert.ThrowsAsync<SignalRServiceException>(() => service.AddConnectionToGroupAsync("hub", "c", "g", Cancellation));

        TimeSpan? wait = seconds is { } s ? TimeSpan.FromSeconds(s) : null;
        Assert.Equal((wait, wait), (sent.RetryAfter, asked.RetryAfter));
    }

    [Theory]
    [InlineData("Warning.User.NotExisted", true)]
    [InlineData(null, false)]
    [InlineData("ResourceNotFound", false)]
    public async Task SendingToNobodyIsNoFailureIfTheServiceSaysSo(string? code, bool isDone)
    {
        var sending = Create(new StubHandler(HttpStatusCode.NotFound, code)).SendToUserAsync("hub", "ann", "news", [], Cancellation);

        Assert.Equal(isDone, await Record.ExceptionAsync(() => sending) is null);
    }

    [Theory]
    [InlineData("Error.Connection.NotExisted")]
    [InlineData("Warning.Connection.NotInGroup")]
    [InlineData("Warning.User.NotExisted")]
    public async Task LeavingAGroupThatOneIsNotInIsNoFailure(string code)
    {
        var service = Create(new StubHandler(HttpStatusCode.NotFound, code));

        Assert.False(await service.RemoveConnectionFromGroupAsync("hub", "c", "g", Cancellation));
        await service.RemoveConnectionFromAllGroupsAsync("hub", "c", Cancellation);
        await service.RemoveUserFromGroupAsync("hub", "ann", "g", Cancellation);
        await service.RemoveUserFromAllGroupsAsync("hub", "ann", Cancellation);
        await service.CloseConnectionAsync("hub", "c", cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("Warning.Connection.NotExisted", true)]
    [InlineData(null, true)]
    [InlineData("ResourceNotFound", false)]
    public async Task OnlyTheServicesOwnNotFoundMeansAbsence(string? code, bool meansAbsence)
    {
        var exists = Create(new StubHandler(HttpStatusCode.NotFound, code)).ConnectionExistsAsync("hub", "c", Cancellation);

        if (meansAbsence)
        {
            Assert.False(await exists);
        }
        else
        {
            await Assert.ThrowsAsync<SignalRServiceException>(() => exists);
        }
    }

    private static SignalRServiceClient Create(StubHandler handler, TimeProvider? time = null) =>
        new(SignalRConnectionString.Parse(ConnectionString), new HttpClient(handler), time ?? TimeProvider.System);

    private sealed class StubHandler(HttpStatusCode status, string? code = null) : HttpMessageHandler
    {
        private readonly Exception? _failure;

        public StubHandler(Exception failure)
            : this(HttpStatusCode.OK) => _failure = failure;

        public string? Address { get; private set; }

        public string? Token { get; private set; }

        public string? RetryAfter { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Address, Token) = (request.RequestUri!.AbsoluteUri, request.Headers.Authorization!.Parameter);
            if (_failure is not null)
            {
                return Task.FromException<HttpResponseMessage>(_failure);
            }

            var response = new HttpResponseMessage(status);
            if (code is not null)
            {
                response.Headers.Add("x-ms-error-code", code);
            }

            if (RetryAfter is not null)
            {
                response.Headers.Add("Retry-After", RetryAfter);
            }

            return Task.FromResult(response);
        }
    }
}
