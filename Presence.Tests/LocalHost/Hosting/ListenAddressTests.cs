using Presence.LocalHost.Hosting;

namespace Presence.Tests.LocalHost.Hosting;

public class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7071")]
    [InlineData("http://localhost:7071;http://[::1]:7071")]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("http://*:0")]
    public void HttpAddressesAreAccepted(string urls) => ListenAddress.Validate(urls);

    [Theory]
    [InlineData("7071")]
    [InlineData("")]
    [InlineData("127.0.0.1:7071")]
    [InlineData("https://127.0.0.1:7071")]
    [InlineData("http://127.0.0.1:70710")]
    [InlineData("http://127.0.0.1:7071/base")]
    [InlineData("http://localhost:0")]
    public void OtherAddressesAreAStartFailure(string urls)
    {
        var failure = Assert.Throws<LocalHostStartException>(() => ListenAddress.Validate(urls));

        Assert.Contains("is not an address to listen on", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:81", "http://127.0.0.1:81/")]
    [InlineData("http://localhost:81", "http://localhost:81/")]
    [InlineData("http://[::]:81", "http://127.0.0.1:81/")]
    [InlineData("http://0.0.0.0:81", "http://127.0.0.1:81/")]
    public void WhatListensEverywhereIsReachedOnTheLoopback(string bound, string expected) =>
        Assert.Equal(expected, ListenAddress.Reachable(bound).AbsoluteUri);
}
