using Presence.Core.Callers;
using Presence.Core.Sessions;
using Presence.Tests.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Callers;

public sealed class CallerAuthenticatorTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task ABearerTokenTellsWhoCallsAndForHowLong() =>
        Assert.Equal(new(Alice, Start, Start + Seconds(300)), await AuthenticateAsync(Create(), $"Bearer {Tokens.Create(Start)}", null));

    [Fact]
    public async Task ASessionTellsWhoCallsAndForHowLong()
    {
        var instance = Create();
        var session = await instance.Get<AnonymousSessions>().IssueAsync(Guest, Seconds(60), Cancellation);
        Clock.Advance(Seconds(10));

        Assert.Equal(new(Guest, Start, Start + Seconds(60)), await AuthenticateAsync(instance, null, session.Token));
        Assert.Equal(Alice, (await AuthenticateAsync(instance, $"bearer {Tokens.Create(Start)}", session.Token)).User);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("Basic YTpi", null)]
    [InlineData("Bearer", null)]
    [InlineData("Bearer ", null)]
    [InlineData(null, "x")]
    public async Task WithoutCredentialsThatHoldNobodyCalls(string? authorization, string? session) =>
        await Assert.ThrowsAsync<UnauthenticatedException>(() => AuthenticateAsync(Create(), authorization, session));

    [Fact]
    public async Task ABearerTokenThatDoesNotHoldIsNotMadeGoodByASession()
    {
        var instance = Create();
        var session = await instance.Get<AnonymousSessions>().IssueAsync(Guest, null, Cancellation);

        await Assert.ThrowsAsync<UnauthenticatedException>(() => AuthenticateAsync(instance, "Bearer x", session.Token));
        await Assert.ThrowsAsync<UnauthenticatedException>(() => AuthenticateAsync(
            instance, $"Bearer {Tokens.Create(Start)},Bearer {Tokens.Create(Start)}", session.Token));
    }

    private static Task<Caller> AuthenticateAsync(Instance instance, string? authorization, string? session) =>
        instance.Get<CallerAuthenticator>().AuthenticateAsync(authorization, session, Cancellation).AsTask();
}
