using System.Buffers.Text;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Ports;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Ledger;

public class EventCursorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(256)]
    public void ACursorReadsAsItWasWritten(int shards)
    {
        var cursor = Cursor(shards);

        var read = EventCursor.Parse(cursor.ToString());

        Assert.Equal(cursor.WindowTicks, read.WindowTicks);
        Assert.Equal(cursor.Shards, read.Shards);
        Assert.Matches("^[A-Za-z0-9_-]+$", cursor.ToString());
        Assert.InRange(cursor.ToString().Length, 1, EventCursor.MaxLength);
    }

    [Fact]
    public void ThatOf16ShardsIsSomeHundredCharacters() => Assert.InRange(Cursor(16).ToString().Length, 200, 420);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("latest")]
    [InlineData("AAAA")]
    [InlineData("abc def")]
    public void WhatIsNoCursorIsRefusedByName(string? text) =>
        Assert.Equal("after", Assert.Throws<InvalidInputException>(() => EventCursor.Parse(text)).Field);

    [Fact]
    public void OneThatWasCutOrLengthenedOrIsOfAnotherFormIsRefused()
    {
        var bytes = Base64Url.DecodeFromChars(Cursor(2).ToString());
        for (var length = 0; length < bytes.Length; length++)
        {
            AssertRefused(bytes[..length]);
        }

        AssertRefused([.. bytes, 0]);
        AssertRefused([2, .. bytes[1..]]);
        AssertRefused([1, .. new byte[8], 1, .. new byte[10]]);
        AssertRefused([.. bytes[..9], 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
    }

    [Fact]
    public void WhateverIsSentItIsReadOrRefused()
    {
        var random = new Random(1);
        var good = Base64Url.DecodeFromChars(Cursor(3).ToString());
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var failure = Record.Exception(() => EventCursor.Parse(Base64Url.EncodeToString(bytes)));
            Assert.True(failure is null or InvalidInputException, $"{failure}");
        }
    }

    private static void AssertRefused(byte[] bytes) =>
        Assert.Throws<InvalidInputException>(() => EventCursor.Parse(Base64Url.EncodeToString(bytes)));

    private static EventCursor Cursor(int shards) => new(
        Start.UtcTicks,
        [.. Enumerable.Range(0, shards).Select(i => i % 2 == 0
            ? new ShardCursor(EventPosition.EndOf(Start + TimeSpan.FromSeconds(44)))
            : new ShardCursor(new((Start - TimeSpan.FromDays(6)).UtcTicks + i, (uint)i * 77_777), i, (uint)i * 12_345_678))]);
}
