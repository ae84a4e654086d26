using System.Net;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.LocalHost.Development;

public class DevelopmentPageTests
{
    [Theory]
    [InlineData("", "text/html; charset=utf-8")]
    [InlineData("analytics", "text/html; charset=utf-8")]
    [InlineData("page/analytics.js", "text/javascript; charset=utf-8")]
    [InlineData("page/page.js", "text/javascript; charset=utf-8")]
    [InlineData("page/page.css", "text/css; charset=utf-8")]
    [InlineData("page/icon.svg", "image/svg+xml")]
    public async Task ItIsServedWithAPolicyAndOnlyWhereItIsNew(string path, string contentType)
    {
        Target.SkipElsewhere("asks for the page of a local host");
        var system = await Target.AnyAsync();

        var answer = await system.Nobody.GetAsync(path);
        var again = await system.Nobody.With("If-None-Match", answer.Headers["ETag"]).GetAsync(path);
        var head = await system.Nobody.SendAsync(HttpMethod.Head, path);

        Assert.Equal((HttpStatusCode.OK, contentType, "no-cache"), (answer.Status, answer.Headers["Content-Type"], answer.Headers["Cache-Control"]));
        Assert.NotEmpty(answer.Body);
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Body));
        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
        var policy = answer.Headers["Content-Security-Policy"];
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Theory, InlineData("Host", "10.0.0.7", HttpStatusCode.NotFound), InlineData("Host", "evil.example", HttpStatusCode.Forbidden), InlineData("X-Forwarded-For", "127.0.0.1", HttpStatusCode.NotFound)]
    public async Task ItIsForThisMachineAlone(string header, string value, HttpStatusCode status)
    {
        Target.SkipElsewhere("asks for the page of a local host");
        var system = await Target.AnyAsync();

        foreach (var path in new[] { "", "analytics", "page/page.js", "dev/troubles" })
        {
            Assert.Equal(status, (await system.Nobody.With(header, value).GetAsync(path)).Status);
        }
    }
}
