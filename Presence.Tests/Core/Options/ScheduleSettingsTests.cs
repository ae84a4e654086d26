using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Presence.Core;
using Presence.Core.Options;

namespace Presence.Tests.Core.Options;

public class ScheduleSettingsTests
{
    [Fact]
    public void SchedulesAreReadFromSettingsThatAreNotNested()
    {
        var options = Read(("PresenceSweepSchedule", "1 * * * * *"), ("PresenceCleanupSchedule", "2 * * * * *"), ("PresenceCensusSchedule", "3 * * * * *"),
            ("PresenceTruthSchedule", "4 * * * * *"), ("PresenceWebhookSchedule", "5 * * * * *"));

        Assert.Equal(
            ("1 * * * * *", "2 * * * * *", "3 * * * * *", "4 * * * * *", "5 * * * * *"),
            (options.SweepSchedule, options.CleanupSchedule, options.CensusSchedule, options.TruthSchedule, options.WebhookSchedule));
    }

    [Fact]
    public void ASettingThatIsMissingLeavesTheDefault() => Assert.Equal(new PresenceOptions().SweepSchedule, Read().SweepSchedule);

    [Theory]
    [InlineData("Presence:SweepSchedule")]
    [InlineData("Presence:CleanupSchedule")]
    [InlineData("Presence:CensusSchedule")]
    [InlineData("Presence:WebhookSchedule")]
    [InlineData("Presence:TruthSchedule")]
    public void ANestedScheduleByWhichNothingWouldRunIsRefused(string setting)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Read((setting, "1 * * * * *")));

        Assert.Contains("PresenceSweepSchedule", refusal.Message, StringComparison.Ordinal);
    }

    private static PresenceOptions Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)))
            .Build();
        return new ServiceCollection()
            .AddPresence(configuration)
            .Configure<PresenceOptions>(Some.Configure)
            .BuildServiceProvider()
            .GetRequiredService<IOptions<PresenceOptions>>().Value;
    }
}
