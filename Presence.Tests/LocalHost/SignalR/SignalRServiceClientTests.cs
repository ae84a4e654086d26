using System.Net;
using System.Security.Claims;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Presence.LocalHost.SignalR;

namespace Presence.Tests.LocalHost.SignalR;

public class SignalRServiceClientTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string ConnectionString = $"Endpoint=https://some.service.test;AccessKey={Key};Version=1.0;";

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
        private readonly Exception? failure;

        public StubHandler(Exception failure)
            : this(HttpStatusCode.OK) => this.failure = failure;

        public string? Address { get; private set; }

        public string? Token { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Address, Token) = (request.RequestUri!.AbsoluteUri, request.Headers.Authorization!.Parameter);
            if (failure is not null)
            {
                return Task.FromException<HttpResponseMessage>(failure);
            }

            var response = new HttpResponseMessage(status);
            if (code is not null)
            {
                response.Headers.Add("x-ms-error-code", code);
            }

            return Task.FromResult(response);
        }
    }
}
