using Presence.Core.Domain;
using Presence.Core.Webhooks;

namespace Presence.Tests.Core.Webhooks;

public class WebhookUrlTests
{
    [Theory]
    [InlineData(null, "absolute URL")]
    [InlineData("", "absolute URL")]
    [InlineData("hooks", "absolute URL")]
    [InlineData("/hooks", "absolute URL")]
    [InlineData("https://", "absolute URL")]
    [InlineData("http://hooks.example.com/", "https")]
    [InlineData("ftp://hooks.example.com/", "https")]
    [InlineData("file://server/share", "https")]
    [InlineData("https://user@hooks.example.com/", "user name")]
    [InlineData("https://user:secret@hooks.example.com/", "user name")]
    [InlineData("https://hooks.example.com/#part", "fragment")]
    [InlineData("https://localhost/", "not public")]
    [InlineData("https://a.localhost/", "not public")]
    [InlineData("https://LOCALHOST./", "not public")]
    [InlineData("https://127.0.0.1/", "not public")]
    [InlineData("https://2130706433/", "not public")]
    [InlineData("https://0x7f.1/", "not public")]
    [InlineData("https://169.254.169.254/metadata/identity", "not public")]
    [InlineData("https://[::1]:8443/", "not public")]
    [InlineData("https://[::ffff:10.0.0.1]/", "not public")]
    public void WhatIsNoneThatMayBeAskedIsRefusedByItsName(string? text, string reason)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => WebhookUrl.Parse(text, mayBePrivate: false));

        Assert.Equal("url", refusal.Field);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongOneIsRefused()
    {
        Assert.Throws<InvalidInputException>(() => WebhookUrl.Parse("https://a.example.com/" + new string('x', WebhookUrl.MaxLength), mayBePrivate: false));
        Assert.NotNull(WebhookUrl.Parse("https://a.example.com/".PadRight(WebhookUrl.MaxLength, 'x'), mayBePrivate: false));
    }

    [Theory]
    [InlineData("https://hooks.example.com/presence?tenant=1")]
    [InlineData("https://hooks.example.com:8443/")]
    [InlineData("https://notlocalhost.example.com/")]
    [InlineData("https://1.1.1.1/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    public void WhatIsPublicIsTaken(string text) => Assert.Equal(text, WebhookUrl.Parse(text, mayBePrivate: false).AbsoluteUri);

    [Theory]
    [InlineData("http://127.0.0.1:5000/")]
    [InlineData("http://localhost/hook")]
    [InlineData("https://10.0.0.1/")]
    public void WhereItIsAllowedAnyIs(string text) => Assert.Equal(text, WebhookUrl.Parse(text, mayBePrivate: true).AbsoluteUri);

    [Theory, InlineData("ftp://10.0.0.1/"), InlineData("http://a:b@10.0.0.1/")]
    public void ButNotEverything(string text) => Assert.Throws<InvalidInputException>(() => WebhookUrl.Parse(text, mayBePrivate: true));
}
