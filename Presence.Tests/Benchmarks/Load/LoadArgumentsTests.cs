using Presence.Benchmarks.Load;

namespace Presence.Tests.Benchmarks.Load;

public sealed class LoadArgumentsTests
{
    [Fact]
    public void GivenHostsAreCalledAtTheirRoot()
    {
        var parsed = Parse(
            "--url http://127.0.0.1:7071 --url=http://127.0.0.1:7072/app/ --users 500 --connections 100 --think 500ms --minutes 2 --hosts 1");

        Assert.Equal(["http://127.0.0.1:7071/", "http://127.0.0.1:7072/app/"], parsed.Urls.Select(url => url.AbsoluteUri));
        Assert.Equal((500, 100, 0), (parsed.Users, parsed.Connections, parsed.Start));
        Assert.Equal((TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(2), 1), (parsed.Think, parsed.Duration, parsed.Hosts));
    }

    [Fact]
    public void StartedHostsMayBeKilledNowAndThen()
    {
        var parsed = Parse("--start 3 --restart-every 5m --users 10");

        Assert.Equal((3, TimeSpan.FromMinutes(5)), (parsed.Start, parsed.RestartEvery));
    }

    [Theory]
    [InlineData("--users 10", "--url")]
    [InlineData("--url http://127.0.0.1:7071 --start 2 --users 10", "--start")]
    [InlineData("--url ftp://127.0.0.1 --users 10", "--url must be the address of a host")]
    [InlineData("--start 2", "--users is missing: a whole number from 1 to 100,000")]
    [InlineData("--start 2 --users 0", "--users must be a whole number from 1 to 100,000")]
    [InlineData("--start 2 --users many", "--users must be a whole number from 1 to 100,000")]
    [InlineData("--start 17 --users 10", "--start must be a whole number from 1 to 16")]
    [InlineData("--start 2 --users 10 --connections 11", "--connections must be at most --users, 10")]
    [InlineData("--start 2 --users 10 --hosts 3", "--hosts must be at most as many as there are, 2")]
    [InlineData("--start 2 --users 10 --think 9", "--think must be a time such as 500ms, 30s or 5m, from 10ms to 1h")]
    [InlineData("--start 2 --users 10 --restart-every 9s", "--restart-every must be a time such as 500ms, 30s or 5m, from 10s to 24h")]
    [InlineData("--start 1 --users 10 --restart-every 1m", "--restart-every needs --start of 2 or more")]
    [InlineData("--start 2 --users 10 --minutes 1441", "--minutes must be a whole number from 1 to 1,440")]
    [InlineData("--start 2 --users 10 --signing-key k", "--signing-key and --audience belong together")]
    [InlineData("--start 2 --users 10 --pid 1", "--pid is for hosts given by --url")]
    [InlineData("--start 2 --users 10 --logs", "--logs needs a value")]
    [InlineData("--start 2 --users 10 --speed 3", "unknown argument '--speed'")]
    public void WhatIsNotFitIsNamedWithItsLimits(string arguments, string reason)
    {
        var refused = Assert.Throws<ArgumentException>(() => Parse(arguments));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(LoadArguments.Usage, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("30s", 30.0)]
    [InlineData("5m", 300.0)]
    [InlineData("1h", 3_600.0)]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("s", null)]
    [InlineData("-5s", null)]
    [InlineData("5d", null)]
    [InlineData("9999999999s", null)]
    public void TimesAreTypedWithTheirUnit(string text, double? seconds) =>
        Assert.Equal(seconds, DurationText.Parse(text)?.TotalSeconds);

    private static LoadArguments Parse(string arguments) => LoadArguments.Parse(arguments.Split(' '));
}
