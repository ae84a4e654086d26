using System.Buffers.Text;
using CsCheck;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public class TokenFormatTests
{
    private const string Tag = "W/\"datetime'2030-01-01T12%3A00%3A00.1234567Z'\"";

    private static ThrottleKey Key { get; } = new(7, [.. Enumerable.Range(0, 32).Select(i => (byte)i)], Start);

    [Theory]
    [InlineData(true, true, true, Tag)]
    [InlineData(false, true, false, Tag)]
    [InlineData(true, false, true, null)]
    public void WhatIsWrittenIsRead(bool isConnected, bool isOwn, bool isEager, string? tag)
    {
        var known = Known(tag) with { IsOwn = isOwn, IsEager = isEager };
        known = known with { Last = known.Last with { IsConnected = isConnected } };

        var token = TokenFormat.Write(Alice, known, Key);

        Assert.Equal(7, TokenFormat.KeyOf(token));
        Assert.Equal(known, TokenFormat.Read(Alice, token, Key));
        Assert.DoesNotContain("alice", token, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(token.Length, 60, 140);
    }

    [Fact]
    public void ATokenIsOfOneUserAndOneKey()
    {
        var token = TokenFormat.Write(Alice, Known(Tag), Key);

        Assert.Null(TokenFormat.Read(Bob, token, Key));
        Assert.Null(TokenFormat.Read(PresenceKey.Anonymous("alice"), token, Key));
        Assert.Null(TokenFormat.Read(Alice, token, Key with { Secret = new byte[32] }));
    }

    [Fact]
    public void ATokenOfInstancesThatKnewNothingOfChoicesIsNone()
    {
        var bytes = Base64Url.DecodeFromChars(TokenFormat.Write(Alice, Known(Tag), Key));
        bytes[0] = 1;

        Assert.Null(TokenFormat.KeyOf(Base64Url.EncodeToString(bytes)));
    }

    [Fact]
    public void ATokenInWhichAnythingIsChangedIsNone()
    {
        var token = TokenFormat.Write(Alice, Known(Tag), Key);

        Gen.Select(Gen.Int[0, token.Length - 1], Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"])
            .Where((i, c) => token[i] != c)
            .Sample((i, c) =>
            {
                // The last character of Base64url may hold bits that mean nothing.
                var changed = token[..i] + c + token[(i + 1)..];
                return TokenFormat.Read(Alice, changed, Key) is null || i == token.Length - 1;
            });
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not base64 at all!")]
    [InlineData("AQAAAAABAAAA")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiJ9.e30.x")]
    public void RubbishIsNoToken(string text)
    {
        Assert.Null(TokenFormat.Read(Alice, text, Key));
        Assert.Null(TokenFormat.Read(Alice, new string('A', 10_000), Key));
        Assert.Null(TokenFormat.KeyOf(new string('A', 10_000)));
    }

    [Fact]
    public void ATagTooLongForATokenIsLeftOut()
    {
        var token = TokenFormat.Write(Alice, Known(new string('x', 500)), Key);

        Assert.Null(TokenFormat.Read(Alice, token, Key)!.Last.Tag);
    }

    private static KnownRecord Known(string? tag) =>
        new(new LastRecord(Start, Start - Seconds(3), IsConnected: false, Start - Seconds(100), tag), Instance: 0xDEADBEEF, IsOwn: true, IsEager: false);
}
