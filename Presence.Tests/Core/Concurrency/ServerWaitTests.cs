using Presence.Core.Concurrency;
using Presence.Tests.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Concurrency;

public class ServerWaitTests
{
    [Theory]
    [InlineData("Retry-After", "60", 60)]
    [InlineData("Retry-After", "Tue, 01 Jan 2030 12:01:30 GMT", 90)]
    [InlineData("Retry-After", "Tue, 01 Jan 2030 11:00:00 GMT", 0)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("x-ms-retry-after-ms", "90000", 90)]
    public void AWaitIsReadHoweverItIsSaid(string header, string value, double seconds) =>
        Assert.Equal(Seconds(seconds), ServerWait.Of(new FakeResponse(503, "", (header, value)), Start));

    [Theory]
    [InlineData("Retry-After", "soon")]
    [InlineData("retry-after-ms", "-1")]
    [InlineData("Retry-After", "")]
    [InlineData("Other", "60")]
    public void WhatSaysNothingAsksForNoWait(string header, string value) =>
        Assert.Null(ServerWait.Of(new FakeResponse(503, "", (header, value)), Start));
}
