using System.Text;
using Presence.Benchmarks.Clients;

namespace Presence.Tests.Benchmarks.Clients;

public sealed class SignalRFramesTests
{
    [Fact]
    public void OnlyCallsAreHeardHoweverTheyCome()
    {
        var came = "{}\u001e{\"type\":6}\u001e{\"type\":1,\"target\":\"a\"}\u001e{\"type\":1,\"target\":\"b\"}\u001e{\"type\":7}\u001e";
        List<string> heard = [];

        SignalRFrames.ForEachCall(Encoding.UTF8.GetBytes(came), message => heard.Add(Encoding.UTF8.GetString(message.Span)));

        Assert.Equal(["{\"type\":1,\"target\":\"a\"}", "{\"type\":1,\"target\":\"b\"}"], heard);
    }
}
