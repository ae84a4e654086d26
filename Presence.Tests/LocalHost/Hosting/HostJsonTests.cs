using Presence.LocalHost.Hosting;

namespace Presence.Tests.LocalHost.Hosting;

public class HostJsonTests
{
    [Theory]
    [InlineData("{\"extensions\":{\"http\":{\"routePrefix\":\"v1\"}}}", "v1")]
    [InlineData("{\"extensions\":{\"http\":{\"routePrefix\":\"\"}}}", "")]
    [InlineData("{\"extensions\":{\"http\":{}}} // comment", "api")]
    [InlineData("{\"extensions\":{},}", "api")]
    [InlineData("[]", "api")]
    public void ThePrefixIsReadOrApi(string json, string expected)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "host.json");
        File.WriteAllText(path, json);

        Assert.Equal(expected, HostJson.RoutePrefix(path));
    }

    [Fact]
    public void WithoutTheFileThePrefixIsApi() =>
        Assert.Equal("api", HostJson.RoutePrefix(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))));

    [Fact]
    public void AFileThatIsNoJsonIsAStartFailure()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "host.json");
        File.WriteAllText(path, "{");

        var failure = Assert.Throws<LocalHostStartException>(() => HostJson.RoutePrefix(path));

        Assert.Contains("is not valid JSON", failure.Message, StringComparison.Ordinal);
    }
}
