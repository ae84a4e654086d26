using Aspire.Hosting;
using Presence.Aspire.Hosting;
using Presence.Tests.LocalHost;

namespace Presence.Tests.Aspire;

public class LocalHostProjectTests
{
    [Fact]
    public void ItIsFoundAboveTheAppHost()
    {
        var found = LocalHostProject.Find(Path.Combine(Repository.Root, "samples", "Presence.Samples.AppHost"), null);

        Assert.Equal(Path.Combine(Path.GetFullPath(Repository.Root), "Presence.LocalHost", "Presence.LocalHost.csproj"), found);
    }

    [Theory, InlineData("../../Presence.LocalHost"), InlineData("../../Presence.LocalHost/Presence.LocalHost.csproj")]
    public void ItIsWhereTheApplicationSays(string given)
    {
        var found = LocalHostProject.Find(Path.Combine(Repository.Root, "samples", "Presence.Samples.AppHost"), given);

        Assert.True(File.Exists(found));
    }

    [Fact]
    public void WhereThereIsNoneTheApplicationIsToldHowToSayIt()
    {
        using var elsewhere = new TemporaryDirectory();

        Assert.Contains("AddPresence(\"presence\"", Assert.Throws<DistributedApplicationException>(() => LocalHostProject.Find(elsewhere.Path, null)).Message, StringComparison.Ordinal);
        Assert.Contains("nowhere", Assert.Throws<DistributedApplicationException>(() => LocalHostProject.Find(elsewhere.Path, "nowhere")).Message, StringComparison.Ordinal);
    }
}
