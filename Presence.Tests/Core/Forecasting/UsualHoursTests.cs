using Presence.Core.Forecasting;

namespace Presence.Tests.Core.Forecasting;

public class UsualHoursTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("4 4 4", "")]
    [InlineData("5 5", "")]
    [InlineData("6 6", "0-2")]
    [InlineData("0 9 9 9 0", "1-4")]
    [InlineData("0 9 0 9 9", "3-5")]
    [InlineData("9 9 4 9 9", "0-5")]
    [InlineData("9 9 3 9 9", "0-2 3-5")]
    [InlineData("9 4 9", "0-3")]
    [InlineData("9 9 4 4 9 9", "0-2 4-6")]
    [InlineData("9 9 4 4", "0-2")]
    public void RunsOfLikelyHoursAreToldWithTheShortGapsInThem(string tenths, string runs) => Assert.Equal(
        runs,
        string.Join(' ', UsualHours.Of([.. tenths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => int.Parse(t, null) / 10d)]).Select(run => $"{run.From}-{run.Until}")));
}
