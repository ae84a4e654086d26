using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Callers;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Callers;

public sealed class AuthorityKeysTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = Clock();
    private Authority _authority = null!;
    private BearerTokenValidator _validator = null!;

    public async ValueTask InitializeAsync()
    {
        _authority = await Authority.StartAsync();
        _validator = Validators.Create(_clock, o => (o.Authority, o.SigningKey) = (_authority.Url, null));
    }

    public async ValueTask DisposeAsync()
    {
        _validator.Dispose();
        await _authority.DisposeAsync();
    }

    [Fact]
    public async Task KeysAreFetchedOnceForAllTokensUnderThem()
    {
        for (var i = 0; i < 10; i++)
        {
            await HoldsAsync(_authority.Token());
        }

        Assert.Equal(1, _authority.Fetches);
    }

    [Fact]
    public async Task AReplacedKeyIsFetchedByTheCallThatNeedsIt()
    {
        await HoldsAsync(_authority.Token());
        _clock.Advance(AuthorityKeys.Pause);
        _authority.ReplaceKey();

        await HoldsAsync(_authority.Token());

        Assert.Equal(2, _authority.Fetches);
    }

    [Theory]
    [InlineData("same")]
    [InlineData("")]
    public async Task AReplacedKeyOfTheSameIdOrOfNoneIsFetchedAsWell(string keyId)
    {
        _authority.Published = [Authority.NewKey(keyId)];
        await HoldsAsync(_authority.Token());
        _clock.Advance(AuthorityKeys.Pause);
        _authority.Published = [Authority.NewKey(keyId)];

        await HoldsAsync(_authority.Token());
    }

    [Fact]
    public async Task AStrangersTokenDoesNotKeepANewKeyFromBeingFetched()
    {
        await HoldsAsync(_authority.Token());
        _clock.Advance(AuthorityKeys.Pause);
        await IsRefusedAsync(_authority.Forged());

        _authority.ReplaceKey();
        var good = ValidateAsync(_authority.Token());
        var forged = ValidateAsync(_authority.Forged());
        Assert.False(good.IsCompleted);
        _clock.Advance(AuthorityKeys.Pause);

        Assert.Equal(Alice, (await good).User);
        await Assert.ThrowsAsync<UnauthenticatedException>(() => forged);
        Assert.Equal(3, _authority.Fetches);
    }

    [Fact]
    public async Task CallsThatNeedKeysShareOneFetch()
    {
        await HoldsAsync(_authority.Token());
        _clock.Advance(AuthorityKeys.Pause);
        _authority.ReplaceKey();
        var gate = _authority.Hold(Authority.Discovery);

        var good = Enumerable.Range(0, 50).Select(_ => ValidateAsync(_authority.Token())).ToList();
        await gate.Reached;
        gate.Open();

        Assert.All(await Task.WhenAll(good), caller => Assert.Equal(Alice, caller.User));
        Assert.Equal(2, _authority.Fetches);
    }

    [Fact]
    public async Task ATokenIsNotJudgedByKeysAskedForBeforeItCame()
    {
        await HoldsAsync(_authority.Token());
        _clock.Advance(AuthorityKeys.Pause);
        var gate = _authority.Hold(Authority.Keys);
        var forged = ValidateAsync(_authority.Forged());
        await gate.Reached;
        var late = ValidateAsync(_authority.Forged());
        gate.Open();

        await Assert.ThrowsAsync<UnauthenticatedException>(() => forged);
        Assert.False(late.IsCompleted);
    }

    [Fact]
    public async Task FewWaitForTheEndOfThePauseAndTheRestMayTryAgain()
    {
        await HoldsAsync(_authority.Token());

        var waiting = Enumerable.Range(0, AuthorityKeys.MostQueued).Select(_ => ValidateAsync(_authority.Forged())).ToList();
        await Assert.ThrowsAsync<IdentityProviderUnavailableException>(() => ValidateAsync(_authority.Forged()));
        await HoldsAsync(_authority.Token());
        _clock.Advance(AuthorityKeys.Pause);

        foreach (var call in waiting)
        {
            await Assert.ThrowsAsync<UnauthenticatedException>(() => call);
        }

        Assert.Equal(2, _authority.Fetches);
    }

    [Fact]
    public async Task WhileKeysCannotBeHadTokensUnderThoseKnownHold()
    {
        var known = _authority.Token();
        await HoldsAsync(known);
        _clock.Advance(AuthorityKeys.Pause);
        _authority.Instead = _ => Task.FromResult<IResult?>(Results.StatusCode(500));
        _authority.ReplaceKey();

        await IsUnavailableAsync(_authority.Token());
        await IsUnavailableAsync(_authority.Forged());
        await HoldsAsync(known);
        Assert.Equal(2, _authority.Fetches);

        _authority.Instead = _ => Task.FromResult<IResult?>(null);
        _clock.Advance(AuthorityKeys.Pause);
        await HoldsAsync(_authority.Token());
    }

    [Fact]
    public async Task AnAuthorityOutOfReachIsNoFaultOfTheCaller()
    {
        var token = _authority.Token();
        await _authority.DisposeAsync();

        await IsUnavailableAsync(token);
    }

    [Theory]
    [InlineData(Authority.Discovery)]
    [InlineData(Authority.Keys)]
    public async Task AnAuthorityThatHangsIsWaitedForLessThanFiveSeconds(string path)
    {
        var gate = _authority.Hold(path);
        var call = ValidateAsync(_authority.Token());
        await gate.Reached;

        _clock.Advance(AuthorityKeys.MostWait - Seconds(0.001));
        Assert.False(call.IsCompleted);
        _clock.Advance(Seconds(0.001));

        Assert.True(AuthorityKeys.MostWait < Seconds(5));
        await Assert.ThrowsAsync<IdentityProviderUnavailableException>(() => call);
    }

    [Fact]
    public async Task ASlowAuthorityServesThoseWhoComeLater()
    {
        var gate = _authority.Hold(Authority.Keys);
        var early = ValidateAsync(_authority.Token());
        await gate.Reached;
        _clock.Advance(AuthorityKeys.MostWait);
        await Assert.ThrowsAsync<IdentityProviderUnavailableException>(() => early);

        var late = ValidateAsync(_authority.Token());
        gate.Open();

        Assert.Equal(Alice, (await late).User);
        Assert.Equal(1, _authority.Fetches);
    }

    [Fact(Timeout = 60_000)]
    public async Task AFetchThatHangsEndsAndTheNextOneBegins()
    {
        var gate = _authority.Hold(Authority.Keys);
        var call = ValidateAsync(_authority.Token());
        await gate.Reached;
        _clock.Advance(AuthorityKeys.MostFetch);
        await Assert.ThrowsAsync<IdentityProviderUnavailableException>(() => call);
        _authority.Instead = _ => Task.FromResult<IResult?>(null);

        // The fetch learns of its end a moment after the clock has told.
        while (await Record.ExceptionAsync(() => ValidateAsync(_authority.Token())) is { } e)
        {
            Assert.IsType<IdentityProviderUnavailableException>(e);
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            _clock.Advance(AuthorityKeys.Pause);
        }
    }

    [Fact]
    public async Task AWaitingCallEndsWhenItIsCancelledAndTheOthersGoOn()
    {
        var gate = _authority.Hold(Authority.Discovery);
        using var cancelled = new CancellationTokenSource();
        var other = ValidateAsync(_authority.Token());
        var call = _validator.ValidateAsync(_authority.Token(), cancelled.Token).AsTask();
        await gate.Reached;

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        gate.Open();

        Assert.Equal(Alice, (await other).User);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData("e30.e30.e30.e30.e30")]
    public async Task NobodyIsAskedAboutWhatIsNoToken(string text)
    {
        await IsRefusedAsync(text);

        Assert.Equal(0, _authority.Fetches);
    }

    [Fact]
    public async Task NobodyIsAskedAboutATokenThatHasExpiredOrIsSignedOtherwise()
    {
        await IsRefusedAsync(Tokens.Create(Start));
        _clock.Advance(TimeSpan.FromDays(2));
        await IsRefusedAsync(_authority.Token());

        Assert.Equal(0, _authority.Fetches);
    }

    [Fact]
    public async Task OldKeysAreFetchedAgainBehindACallSoThatAWithdrawnKeyEnds()
    {
        var withdrawn = _authority.Token();
        await HoldsAsync(withdrawn);
        _authority.ReplaceKey();
        _clock.Advance(AuthorityKeys.GoodFor);
        var gate = _authority.Hold(Authority.Discovery);
        await HoldsAsync(withdrawn);
        await gate.Reached;
        gate.Open();
        await HoldsAsync(_authority.Token());

        _clock.Advance(AuthorityKeys.Pause);
        await IsRefusedAsync(withdrawn);
    }

    [Theory]
    [InlineData(Authority.Discovery, "no JSON")]
    [InlineData(Authority.Discovery, "{}")]
    [InlineData(Authority.Discovery, """{"jwks_uri":"http://keys.example.com/"}""")]
    [InlineData(Authority.Discovery, """{"jwks_uri":"no URL"}""")]
    [InlineData(Authority.Keys, "no JSON")]
    [InlineData(Authority.Keys, "{}")]
    [InlineData(Authority.Keys, """{"keys":[]}""")]
    [InlineData(Authority.Keys, """{"keys":[{"kty":"oct","k":"YS1zaGFyZWQta2V5LW9mLWF0LWxlYXN0LTMyLWJ5dGVzIQ"}]}""")]
    [InlineData(Authority.Keys, """{"keys":[{"kty":"RSA"}]}""")]
    public async Task DocumentsWithoutKeysAreKeysThatCannotBeHad(string path, string document)
    {
        _authority.Instead = context => Task.FromResult<IResult?>(context.Request.Path == path ? Results.Text(document, "application/json") : null);

        await IsUnavailableAsync(_authority.Token());
    }

    [Fact]
    public async Task AnEndlessDocumentIsNotRead()
    {
        _authority.Instead = _ => Task.FromResult<IResult?>(Results.Text(new string(' ', 2_000_000)));

        await IsUnavailableAsync(_authority.Token());
    }

    private async Task HoldsAsync(string token) => Assert.Equal(Alice, (await ValidateAsync(token)).User);

    private Task<UnauthenticatedException> IsRefusedAsync(string token) => Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateAsync(token));

    private Task<IdentityProviderUnavailableException> IsUnavailableAsync(string token) =>
        Assert.ThrowsAsync<IdentityProviderUnavailableException>(() => ValidateAsync(token));

    private Task<Caller> ValidateAsync(string token) => _validator.ValidateAsync(token, TestContext.Current.CancellationToken).AsTask();
}
