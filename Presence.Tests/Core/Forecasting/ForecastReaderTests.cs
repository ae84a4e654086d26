using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Forecasting;
using Presence.Core.Metrics;
using Presence.Core.Options;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Forecasting;

public sealed class ForecastReaderTests : IAsyncDisposable
{
    private static readonly PresenceKey Nobody = PresenceKey.Registered("nobody");

    private readonly FakeTimeProvider _clock = new(Habits.Now);
    private readonly KnownHistory _history = new(Habits.Office(16), Alice, Bob);
    private readonly InMemoryPresenceStore _store = new();
    private Instance? _instance;
    private ForecastScores? _scores;

    [Fact]
    public async Task AnybodyWhoSeesAUserLearnsWhenItIsUsuallyHere()
    {
        var forecast = await ReadAsync(Alice, Bob);

        Assert.Equal(("bob", "UTC", null, 5), (forecast.UserId, forecast.TimeZone, forecast.None, forecast.Hours.Count));
        Assert.Equal([(Bob, new DateOnly(2026, 5, 28), new DateOnly(2026, 11, 26))], _history.Asked);
    }

    [Theory]
    [InlineData("hides")]
    [InlineData("tells last seen coarsely")]
    [InlineData("tells last seen to nobody")]
    [InlineData("is in another conversation")]
    [InlineData("is blocked")]
    [InlineData("is seen by one who tells nobody")]
    public async Task WhosePastMayNotBeKnownIsAnsweredAsOneOfWhomLittleIsKnown(string why)
    {
        var instance = Start();
        await (why switch
        {
            "hides" => instance.ApplyAsync(Bob, new PrivacyChosen(IsHidden: true, LastSeen: null)),
            "tells last seen coarsely" => instance.ApplyAsync(Bob, new PrivacyChosen(null, LastSeenPrecision.Coarse)),
            "tells last seen to nobody" => instance.ApplyAsync(Bob, new PrivacyChosen(null, LastSeenPrecision.Nobody)),
            "is in another conversation" => instance.ApplyAsync(Bob, new Joined(Conversation)),
            "is blocked" => instance.Get<Relationships>().BlockAsync(Bob, Alice, holds: true, TestContext.Current.CancellationToken),
            _ => (Task)instance.ApplyAsync(Alice, new PrivacyChosen(null, LastSeenPrecision.Nobody)),
        });

        var told = await ReadAsync(Alice, Bob);
        var unknown = await ReadAsync(Alice, Nobody);

        Assert.Equal((NoForecast.TooLittleHistory, 0), (told.None, told.Hours.Count));
        Assert.Equal(unknown, told with { UserId = unknown.UserId, Hours = unknown.Hours });
        Assert.Equal([Bob, Nobody], _history.Asked.Select(asked => asked.User));
        Assert.Null((await ReadAsync(Bob, Bob)).None);
    }

    [Fact]
    public async Task WithoutHistoryNothingIsReadAndThatIsSaid()
    {
        var forecast = await ReadAsync(Alice, Bob, options => options.HistoryRetention = TimeSpan.Zero);

        Assert.Equal((NoForecast.HistoryOff, 0), (forecast.None, forecast.Hours.Count));
        Assert.Empty(_history.Asked);
    }

    [Fact]
    public async Task TheSessionThatGoesOnCountsAsWell()
    {
        // Nothing but having been here since more than four weeks ago: that is enough to say that it cannot be foretold.
        await Start().ApplyAsync(Guest, new Connected("c1", _clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(NoForecast.NotPredictable, (await ReadAsync(Alice, Guest)).None);
    }

    [Fact]
    public async Task AWeekThatIsOverIsScoredOncePerUserAndDay()
    {
        await ReadAsync(Alice, Bob);
        await ReadAsync(Alice, Bob);
        await ReadAsync(Bob, Bob);
        Assert.Equal((1, 168 * 60), Scored());

        await ReadAsync(Bob, Alice);
        Assert.Equal((2, 2 * 168 * 60), Scored());

        _clock.Advance(TimeSpan.FromDays(1));
        await ReadAsync(Alice, Bob);
        Assert.Equal((3, 3 * 168 * 60), Scored());
    }

    [Fact]
    public async Task NothingIsScoredOfWhoIsToldNothing()
    {
        await ReadAsync(Alice, Nobody);
        await Start().ApplyAsync(Bob, new PrivacyChosen(IsHidden: true, LastSeen: null));
        await ReadAsync(Alice, Bob);

        Assert.Equal((0, 0), Scored());
    }

    public async ValueTask DisposeAsync()
    {
        if (_instance is not null)
        {
            await _instance.DisposeAsync();
        }
    }

    private (int Weeks, int Minutes) Scored()
    {
        var totals = Start().Totals;
        var weeks = totals.Of(MetricCatalogue.ForecastLoss, MetricCatalogue.ForecastModel);
        return (
            weeks.IsEmpty ? 0 : (int)weeks[..^1].ToArray().Sum(),
            (int)Enumerable.Range(0, MetricCatalogue.ForecastMinutes.SeriesCount)
                .Sum(i => totals.Of(MetricCatalogue.ForecastMinutes, MetricCatalogue.ForecastMinutes.ValuesOf(i).AsSpan()) is { IsEmpty: false } minutes ? minutes[0] : 0));
    }

    private Instance Start() => _instance ??= Instance.OverMemory(_store, _clock, options => options.LastSeenCanBeHidden = true);

    private async Task<Forecast> ReadAsync(PresenceKey viewer, PresenceKey user, Action<PresenceOptions>? change = null)
    {
        var options = Settings(o =>
        {
            o.HistoryRetention = TimeSpan.FromDays(400);
            o.LastSeenCanBeHidden = true;
            change?.Invoke(o);
        });
        _scores ??= new(Start().Get<PresenceMetrics>(), _clock);
        var reader = new ForecastReader(Start().Get<PresenceReader>(), _history, _scores, Microsoft.Extensions.Options.Options.Create(options), _clock);
        return await reader.ReadAsync(viewer, user, TimeZoneInfo.Utc, TestContext.Current.CancellationToken);
    }
}
