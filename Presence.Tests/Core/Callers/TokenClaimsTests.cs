using System.Globalization;
using System.Text;
using Presence.Core.Callers;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Callers;

/// <summary>Tokens that are rightly signed, and say things that nobody may be let in by.</summary>
public class TokenClaimsTests
{
    private const string Audience = "\"aud\":\"presence-tests\"";
    private const string Expiry = "\"exp\":1893499500";

    [Fact]
    public async Task ATokenNamesItsUserAndWhenItWasIssuedAndExpires()
    {
        var caller = await ValidateAsync($$"""{{{Tokens.Claims}},"iat":1893499200,"nbf":1893499200}""");

        Assert.Equal(new(Alice, Start, Start + Seconds(300)), caller);
    }

    [Fact]
    public async Task ATokenNeedNotSayWhenItWasIssued() => Assert.Null((await ValidateAsync($$"""{{{Tokens.Claims}}}""")).IssuedAt);

    [Theory]
    [InlineData("1893499199.25", -0.75)]
    [InlineData("1.8934992e9", 0)]
    [InlineData("1893499200.0000001", 0.0000001)]
    [InlineData("1893499260", 60)]
    public async Task WhenATokenWasIssuedMayHaveAFraction(string issuedAt, double secondsFromStart) =>
        Assert.Equal(Start + Seconds(secondsFromStart), (await ValidateAsync($$"""{{{Tokens.Claims}},"iat":{{issuedAt}}}""")).IssuedAt);

    [Theory]
    [InlineData("253402300799", "9999-12-31T23:59:59.0000000+00:00")]
    [InlineData("253402300800", "9999-12-31T23:59:59.9999999+00:00")]
    [InlineData("9000000000000000000", "9999-12-31T23:59:59.9999999+00:00")]
    public async Task ATokenThatNeverExpiresExpiresAtTheEndOfTime(string expiry, string expected)
    {
        var caller = await ValidateAsync($$"""{"sub":"alice",{{Audience}},"exp":{{expiry}}}""");

        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), caller.ExpiresAt);
    }

    [Theory]
    [InlineData("iat", "\"1893499200\"")]
    [InlineData("iat", "null")]
    [InlineData("iat", "true")]
    [InlineData("iat", "[1893499200]")]
    [InlineData("iat", "{}")]
    [InlineData("iat", "253402300800")]
    [InlineData("iat", "-62135596801")]
    [InlineData("iat", "1e30")]
    [InlineData("iat", "1e400")]
    [InlineData("nbf", "\"1893499200\"")]
    [InlineData("nbf", "null")]
    [InlineData("nbf", "[]")]
    [InlineData("nbf", "1e30")]
    public async Task WhatIsNoMomentIsRefusedByName(string claim, string value) =>
        Assert.Contains($"'{claim}'", await RefusalAsync($$"""{{{Tokens.Claims}},"{{claim}}":{{value}}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"1893499500\"")]
    [InlineData("null")]
    [InlineData("[1893499500]")]
    [InlineData("1e30")]
    [InlineData("9223372036854775808")]
    public async Task AnExpiryThatIsNoMomentIsRefusedByName(string value) =>
        Assert.Contains("'exp'", await RefusalAsync($$"""{"sub":"alice",{{Audience}},"exp":{{value}}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("-9000000000000000000")]
    [InlineData("1893499169.9")]
    public async Task AnExpiryLongPastIsPast(string value) =>
        Assert.Contains("expired", await RefusalAsync($$"""{"sub":"alice",{{Audience}},"exp":{{value}}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("-9000000000000000000", true)]
    [InlineData("1893499230", true)]
    [InlineData("1893499230.1", false)]
    [InlineData("9000000000000000000", false)]
    public async Task ATokenIsGoodFromItsBeginning(string notBefore, bool holds)
    {
        var payload = $$"""{{{Tokens.Claims}},"nbf":{{notBefore}}}""";

        Assert.Equal(holds, await Record.ExceptionAsync(() => ValidateAsync(payload)) is null);
    }

    [Theory]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[\"alice\"]")]
    [InlineData("{\"id\":\"alice\"}")]
    [InlineData("\"\\ud800\"")]
    public async Task AUserIdThatIsNoTextIsRefusedByName(string value)
    {
        Assert.Contains("'sub'", await RefusalAsync($$"""{"sub":{{value}},{{Audience}},{{Expiry}}}"""), StringComparison.Ordinal);
        Assert.Contains(
            "'oid'", await RefusalAsync($$"""{"sub":"alice","oid":{{value}},{{Audience}},{{Expiry}}}""", userIdClaim: "oid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANulInAUserIdDoesNotEndIt()
    {
        var caller = await ValidateAsync($$"""{"sub":"alice\u0000x",{{Audience}},{{Expiry}}}""");

        Assert.Equal("alice\0x", caller.User.Id);
    }

    [Theory]
    [InlineData("""{"sub":"alice","sub":"bob","aud":"presence-tests","exp":1893499500}""")]
    [InlineData("""{"sub":"alice","su\u0062":"bob","aud":"presence-tests","exp":1893499500}""")]
    [InlineData("""{"sub":"alice","aud":"other","aud":"presence-tests","exp":1893499500}""")]
    [InlineData("""{"sub":"alice","aud":"presence-tests","exp":1,"exp":1893499500}""")]
    [InlineData("""{"sub":"alice","aud":"presence-tests","exp":1893499500,"act":{"a":1,"a":2}}""")]
    public async Task ATokenThatRepeatsANameIsRefused(string payload) =>
        Assert.Contains("repeats no name", await RefusalAsync(payload), StringComparison.Ordinal);

    [Fact]
    public async Task AHeaderThatRepeatsANameIsRefused() =>
        Assert.Contains("header", await RefusalAsync($$"""{{{Tokens.Claims}}}""", """{"alg":"HS256","alg":"HS256"}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","crit":["b64"],"b64":true}""")]
    [InlineData("""{"alg":"HS256","crit":["of-tomorrow"],"of-tomorrow":1}""")]
    [InlineData("""{"alg":"HS256","crit":[]}""")]
    [InlineData("""{"alg":"HS256","crit":null}""")]
    public async Task AnExtensionThatMustBeUnderstoodIsRefusedByName(string header) =>
        Assert.Contains("'crit'", await RefusalAsync($$"""{{{Tokens.Claims}}}""", header), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":256}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":"HS384"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":""}""")]
    [InlineData("""{"alg":"HS256","kid":1}""")]
    [InlineData("""["HS256"]""")]
    public async Task AHeaderOfAnotherKindIsRefused(string header) => await RefusalAsync($$"""{{{Tokens.Claims}}}""", header);

    [Theory]
    [InlineData("""["other","presence-tests"]""", true)]
    [InlineData("""["presence-tests"]""", true)]
    [InlineData("""[]""", false)]
    [InlineData("""["presence-tests/"]""", false)]
    [InlineData("""["PRESENCE-TESTS"]""", false)]
    [InlineData("""["presence-tests,other"]""", false)]
    [InlineData("""["presence","-tests"]""", false)]
    public async Task OneOfSeveralAudiencesMustBeTheRightOne(string audience, bool holds)
    {
        var payload = $$"""{"sub":"alice","aud":{{audience}},{{Expiry}}}""";

        Assert.Equal(holds, await Record.ExceptionAsync(() => ValidateAsync(payload)) is null);
    }

    [Theory]
    [InlineData("""[["presence-tests"]]""")]
    [InlineData("""["presence-tests",null]""")]
    [InlineData("""["presence-tests",1]""")]
    [InlineData("""{"presence-tests":"presence-tests"}""")]
    [InlineData("null")]
    [InlineData("1")]
    public async Task AnAudienceOfAnotherKindIsRefusedByName(string audience) =>
        Assert.Contains("'aud'", await RefusalAsync($$"""{"sub":"alice","aud":{{audience}},{{Expiry}}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[\"https://issuer\"]")]
    public async Task AnIssuerThatIsNoTextIsRefusedByName(string issuer) =>
        Assert.Contains("'iss'", await RefusalAsync($$"""{{{Tokens.Claims}},"iss":{{issuer}}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"alice\"")]
    [InlineData("{} {}")]
    [InlineData("{,}")]
    public async Task APayloadThatIsNoObjectIsRefused(string payload) => await RefusalAsync(payload);

    [Fact]
    public async Task BytesThatAreNoTextAreRefused()
    {
        var payload = Encoding.Latin1.GetBytes($$"""{{{Tokens.Claims}},"name":"é"}""");

        await RefusedAsync(Tokens.Signed(payload, """{"alg":"HS256"}"""u8.ToArray()));
    }

    [Fact]
    public async Task DeepNestingIsRefused() =>
        await RefusalAsync($$"""{{{Tokens.Claims}},"deep":{{new string('[', 100)}}{{new string(']', 100)}}}""");

    [Fact]
    public async Task ATokenHasALongestLength()
    {
        await ValidateAsync($$"""{{{Tokens.Claims}},"groups":"{{new string('x', 12_000)}}"}""");

        var refusal = await RefusalAsync($$"""{{{Tokens.Claims}},"groups":"{{new string('x', 13_000)}}"}""");

        Assert.Contains("16384", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("+")]
    [InlineData("\0")]
    public async Task CharactersOutsideTheAlphabetAreRefused(string added)
    {
        var parts = Tokens.Signed($$"""{{{Tokens.Claims}}}""").Split('.');

        await RefusedAsync($"{parts[0]}{added}.{parts[1]}.{parts[2]}");
        await RefusedAsync($"{parts[0]}.{parts[1]}{added}.{parts[2]}");
        await RefusedAsync($"{parts[0]}.{parts[1]}.{parts[2]}{added}");
    }

    private static async Task<string> RefusalAsync(string payload, string header = """{"alg":"HS256"}""", string userIdClaim = "sub") =>
        (await RefusedAsync(Tokens.Signed(payload, header), userIdClaim)).Message;

    private static Task<UnauthenticatedException> RefusedAsync(string token, string userIdClaim = "sub") =>
        Assert.ThrowsAsync<UnauthenticatedException>(() => ValidateTokenAsync(token, userIdClaim));

    private static Task<Caller> ValidateAsync(string payload) => ValidateTokenAsync(Tokens.Signed(payload));

    private static async Task<Caller> ValidateTokenAsync(string token, string userIdClaim = "sub")
    {
        using var validator = Validators.Create(Clock(), o => o.UserIdClaim = userIdClaim);
        return await validator.ValidateAsync(token, TestContext.Current.CancellationToken);
    }
}
