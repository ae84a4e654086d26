using Presence.Core.Domain;

namespace Presence.Tests.Core.Domain;

public class PresenceKeyTests
{
    [Theory]
    [InlineData("alice", false)]
    [InlineData("anon:guest", true)]
    [InlineData("Anon:guest", false)]
    public void AKeyIsReadAsItIsWritten(string text, bool isAnonymous)
    {
        var key = PresenceKey.Parse(text);

        Assert.Equal((text, isAnonymous), (key.ToString(), key.IsAnonymous));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("anon:")]
    [InlineData("anon:anon:x")]
    public void WhatIsNoKeyIsRefusedByTheFieldsName(string? text)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => PresenceKey.Parse(text, "ids"));

        Assert.StartsWith("ids must", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HalfASurrogatePairIsNoText()
    {
        Assert.Throws<InvalidInputException>(() => PresenceKey.Parse("a\ud83d"));
        Assert.Throws<InvalidInputException>(() => PresenceKey.Parse("\ude00b"));
        Assert.Equal("😀", PresenceKey.Parse("😀").Id);
    }

    [Fact]
    public void AnIdHasAtMost128CharactersWithoutThePrefix()
    {
        Assert.Equal(128, PresenceKey.Parse("anon:" + new string('x', 128)).Id.Length);
        var refusal = Assert.Throws<InvalidInputException>(() => PresenceKey.Parse(new string('x', 129)));
        Assert.Contains("128", refusal.Message, StringComparison.Ordinal);
    }
}
