using Presence.LocalHost.Hosting;

namespace Presence.Tests.LocalHost.Hosting;

public class LocalHostArgumentsTests
{
    [Fact]
    public void WithoutArgumentsNothingIsSaid() => Assert.Equal(new LocalHostArguments(null, null), LocalHostArguments.Parse([]));

    [Fact]
    public void AValueFollowsItsNameOrAnEqualsSign() =>
        Assert.Equal(
            new LocalHostArguments("http://127.0.0.1:1", "a=b"), LocalHostArguments.Parse(["--urls", "http://127.0.0.1:1", "--data=a=b"]));

    [Theory]
    [InlineData("--urls")]
    [InlineData("--data=")]
    [InlineData("--help")]
    [InlineData("http://127.0.0.1:1")]
    public void AnythingElseIsAnsweredWithTheUsage(string argument)
    {
        var failure = Assert.Throws<LocalHostStartException>(() => LocalHostArguments.Parse([argument]));

        Assert.Contains("; usage: dotnet run", failure.Message, StringComparison.Ordinal);
    }
}
