using Presence.LocalHost.SignalR;

namespace Presence.Tests.LocalHost.SignalR;

public class SignalRConnectionStringTests
{
    private const string Key = "0123456789abcdef0123456789abcde=";

    [Fact]
    public void ItIsReadWhateverTheCaseAndOrder()
    {
        var parsed = SignalRConnectionString.Parse($" accesskey={Key}; VERSION=1.0 ;endpoint=https://some.service.test/;");

        Assert.Equal("https://some.service.test/", parsed.Endpoint.AbsoluteUri);
        Assert.Equal(Key, parsed.AccessKey);
        Assert.Equal(parsed.Endpoint, parsed.ClientEndpoint);
        Assert.Equal(parsed.Endpoint, parsed.ServerEndpoint);
    }

    [Fact]
    public void ThePortIsPartOfTheEndpoint()
    {
        var parsed = SignalRConnectionString.Parse($"Endpoint=http://localhost;Port=8888;AccessKey={Key};Version=1.0;");

        Assert.Equal("http://localhost:8888/", parsed.Endpoint.AbsoluteUri);
    }

    [Fact]
    public void ClientsAndCallersMayGoThroughAProxy()
    {
        var parsed = SignalRConnectionString.Parse(
            $"Endpoint=https://a.test;ClientEndpoint=https://b.test/ws;ServerEndpoint=https://c.test;AccessKey={Key}");

        Assert.Equal("https://b.test/ws/", parsed.ClientEndpoint.AbsoluteUri);
        Assert.Equal("https://c.test/", parsed.ServerEndpoint.AbsoluteUri);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData(" ", "missing")]
    [InlineData("nonsense", "Name=Value")]
    [InlineData($"AccessKey={Key}", "Endpoint")]
    [InlineData($"Endpoint=some.service.test;AccessKey={Key}", "Endpoint")]
    [InlineData($"Endpoint=ftp://a.test;AccessKey={Key}", "Endpoint")]
    [InlineData($"Endpoint=http://a.test;ClientEndpoint=b;AccessKey={Key}", "ClientEndpoint")]
    [InlineData($"Endpoint=http://a.test;Endpoint=http://b.test;AccessKey={Key}", "twice")]
    [InlineData("Endpoint=http://a.test", "AccessKey")]
    [InlineData("Endpoint=http://a.test;AccessKey=short", "AccessKey")]
    [InlineData($"Endpoint=http://a.test;Port=0;AccessKey={Key}", "Port")]
    [InlineData($"Endpoint=http://a.test;Port=65536;AccessKey={Key}", "Port")]
    [InlineData($"Endpoint=http://a.test;Version=2.0;AccessKey={Key}", "Version")]
    [InlineData("Endpoint=http://a.test;AuthType=azure.msi", "AuthType")]
    public void AnErrorNamesTheSettingAndThePartButNotTheKey(string? value, string part)
    {
        var error = Assert.Throws<FormatException>(() => SignalRConnectionString.Parse(value, "MySetting"));

        Assert.StartsWith("MySetting: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItsTextHidesTheKey() =>
        Assert.Equal("http://a.test/", SignalRConnectionString.Parse($"Endpoint=http://a.test;AccessKey={Key}").ToString());
}
