using Presence.LocalHost.Hosting;

namespace Presence.Tests.LocalHost.Hosting;

public class PageOriginsTests
{
    [Theory]
    [InlineData("http://localhost:5173", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("https://app.example.com", false)]
    [InlineData("null", false)]
    public void WithoutASettingThePagesOfThisMachineAreAllowed(string origin, bool allowed)
    {
        Assert.Equal(allowed, Of(null).Allow(origin));
        Assert.Equal(allowed, Of("").Allow(origin));
    }

    [Fact]
    public void WithOneThoseItNamesAreAllowedAsWell()
    {
        var pages = Of("https://app.example.com, http://10.0.0.7:3000,HTTPS://Other.Example:443,https://bücher.example,http://[fd00::7]:80");

        string[] allowed =
        [
            "https://app.example.com", "http://10.0.0.7:3000", "https://other.example", "https://xn--bcher-kva.example", "http://[fd00::7]", "http://localhost",
        ];
        string[] refused = ["http://app.example.com", "https://app.example.com:8443", "https://sub.app.example.com", "http://10.0.0.7", "null", ""];
        Assert.All(allowed, origin => Assert.True(pages.Allow(origin), origin));
        Assert.All(refused, origin => Assert.False(pages.Allow(origin), origin));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://*.example.com")]
    [InlineData("null")]
    [InlineData("app.example.com")]
    [InlineData("app.example.com:8080")]
    [InlineData("ftp://app.example.com")]
    [InlineData("file:///tmp")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/page")]
    [InlineData("https://app.example.com?x")]
    [InlineData("https://app.example.com#x")]
    [InlineData("https://me@app.example.com")]
    [InlineData("https://app.example.com;https://b.example.com")]
    [InlineData("https://app.example.com https://b.example.com")]
    [InlineData("https://app.example.com:port")]
    [InlineData("https://")]
    [InlineData("https://a.example,")]
    [InlineData("https://a.example,,https://b.example")]
    [InlineData(" ")]
    public void AnythingElseIsRefusedByTheNameOfTheSetting(string value)
    {
        var refused = Assert.Throws<LocalHostStartException>(() => Of(value));

        Assert.StartsWith("LocalHost__AllowedOrigins: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static PageOrigins Of(string? setting) =>
        PageOrigins.Read(LocalHostConfiguration.Of(new Dictionary<string, string?> { ["LocalHost__AllowedOrigins"] = setting }));
}
