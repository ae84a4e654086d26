using Presence.Core.Throttle;

namespace Presence.Tests.Core.Throttle;

public class RowTagsTests
{
    [Theory]
    [InlineData("W/\"datetime'2026-11-26T05%3A25%3A19.1234567Z'\"")]
    [InlineData("W/\"datetime'2026-11-26T05%3A25%3A19.0000000Z'\"")]
    [InlineData("W/\"datetime'2026-11-26T05%3A25%3A19.12Z'\"")]
    [InlineData("W/\"datetime'2026-11-26T05%3A25%3A19Z'\"")]
    public void ATagOfTableStorageIsTheSameAfterwards(string tag) => Assert.Equal(tag, RowTags.Unpack(RowTags.Pack(tag)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("e17")]
    [InlineData("W/\"datetime'")]
    [InlineData("W/\"datetime'Z'\"")]
    [InlineData("W/\"datetime'2026-11-26T05:25:19.1234567Z'\"")]
    [InlineData("W/\"datetime'2026-11-26T05%3A25%3A19.Z'\"")]
    [InlineData("W/\"datetime'2026-11-26T05%3A25%3A19.12345678Z'\"")]
    [InlineData("W/\"datetime'2026-13-26T05%3A25%3A19.1234567Z'\"")]
    public void AnyOtherIsNotPacked(string? tag) => Assert.Equal(0, RowTags.Pack(tag));
}
