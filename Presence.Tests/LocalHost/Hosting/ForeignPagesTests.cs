using Microsoft.AspNetCore.Http;
using Presence.LocalHost.Hosting;

namespace Presence.Tests.LocalHost.Hosting;

/// <summary>The rest is tried over HTTP, in <see cref="EndToEnd.ForeignPagesTests"/>.</summary>
public class ForeignPagesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7071", false)]
    [InlineData("http://localhost:7071", false)]
    [InlineData("http://[::1]:7071;http://127.0.0.1:0", false)]
    [InlineData("http://0.0.0.0:7071", true)]
    [InlineData("http://[::]:7071", true)]
    [InlineData("http://*:7071", true)]
    [InlineData("http://+:7071", true)]
    [InlineData("http://devbox:7071", true)]
    [InlineData("http://192.168.1.5:7071", true)]
    [InlineData("http://127.0.0.1:7071;http://192.168.1.5:7071", true)]
    public void AHostThatListensElsewhereIsReachedUnderNamesThatItDoesNotKnow(string urls, bool isOpen) => Assert.Equal(isOpen, ForeignPages.IsOpen(urls));

    [Theory, InlineData(true, StatusCodes.Status200OK), InlineData(false, StatusCodes.Status403Forbidden)]
    public async Task AndServesThem(bool isOpen, int status)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new("devbox.home.example", 7071);

        await new ForeignPages(PageOrigins.OfThisMachine, isOpen, asksForKey: false).KeepOutAsync(context, _ => Task.CompletedTask);

        Assert.Equal(status, context.Response.StatusCode);
    }
}
