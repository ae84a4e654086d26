using Presence.Chaos.Clients;
using Presence.LocalHost.Hosting;

namespace Presence.Chaos.Judgement;

/// <summary>
/// A host that nothing goes wrong with, straight at the storage, without a sweep and without webhooks: it tells what is true, and changes nothing.
/// </summary>
internal sealed class Observer : IAsyncDisposable
{
    private const int MostAtOnce = 200;

    private readonly PresenceLocalHost _host;
    private readonly Caller _caller;

    private Observer(PresenceLocalHost host, HttpClient http)
    {
        _host = host;
        _caller = new Callers(http, host.BaseAddress).User("observer@observers");
    }

    public static async Task<Observer> StartAsync(Dictionary<string, string> settings, HttpClient http, CancellationToken cancellationToken)
    {
        var own = settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value, StringComparer.Ordinal);
        own[Core.Options.ScheduleSettings.Sweep] = own[Core.Options.ScheduleSettings.Webhook] = "0 0 0 1 1 *";
        var host = await PresenceLocalHost.StartAsync(
            new PresenceLocalHostOptions { Urls = "http://127.0.0.1:0", Settings = own }.WithPresence(), cancellationToken);
        return new(host, http);
    }

    public async Task<IReadOnlyDictionary<string, State>> LookAsync(IReadOnlyCollection<string> users, CancellationToken cancellationToken)
    {
        var states = new Dictionary<string, State>(StringComparer.Ordinal);
        foreach (var some in users.Chunk(MostAtOnce))
        {
            var ids = string.Join(',', some.Select(Uri.EscapeDataString));
            var answer = await _caller.AskAsync($"api/presence?ids={ids}", cancellationToken);
            foreach (var view in answer.Data!.Value.GetProperty("users").EnumerateArray())
            {
                var state = State.Read(view);
                states[state.User] = state;
            }
        }

        return states;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
