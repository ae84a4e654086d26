using Presence.Chaos;
using Presence.Chaos.Clients;
using Presence.Chaos.Judgement;

namespace Presence.Tests.Chaos;

public sealed class CastTests : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly Cast _cast;

    public CastTests() => _cast = new(new Callers(_http, new Uri("http://127.0.0.1:1")), new Journal(), users: 24, seed: 1);

    public async ValueTask DisposeAsync()
    {
        await _cast.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>Three pass by, each at least once in 4.8 s; nobody has been put into a place yet.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(20, 12)]
    [InlineData(60, 37)]
    [InlineData(600, 375)]
    public void HowManyEventsThereAreAtLeastFollowsFromHowLongItLasts(int seconds, int least) =>
        Assert.Equal(least, _cast.LeastEvents(TimeSpan.FromSeconds(seconds)));
}
