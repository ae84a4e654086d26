using Presence.Core.Domain;

namespace Presence.Tests.Core.Domain;

public class StatusNameTests
{
    [Fact]
    public void EveryStatusHasANameOfItsOwnAndIsFoundByIt()
    {
        var all = Enum.GetValues<PresenceStatus>();

        Assert.Equal(all, all.Select(status => StatusName.Parse(StatusName.Of(status))));
        Assert.Equal(all, all.Select(status => StatusName.Parse(status.ToString())));
    }

    [Theory]
    [InlineData("Busy")]
    [InlineData("7")]
    [InlineData("1")]
    public void AStatusOfANewerVersionIsReadAsOnline(string name) => Assert.Equal(PresenceStatus.Online, StatusName.Parse(name));

    [Fact]
    public void WhatIsNoStatusHasNoName() => Assert.ThrowsAny<Exception>(() => StatusName.Of((PresenceStatus)99));
}
