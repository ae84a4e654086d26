using System.Net.Http.Json;
using System.Text;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>A user and the credentials it calls with.</summary>
internal sealed record User(string Id, Caller Caller)
{
    /// <summary>Records activity.</summary>
    public async Task<Answer> ActAsync() => (await Caller.SendAsync(HttpMethod.Post, "api/activity")).MustBeOk();

    /// <summary>Signs out.</summary>
    public async Task<Answer> SignOutAsync() => (await Caller.SendAsync(HttpMethod.Delete, "api/presence/me")).MustBeOk();

    /// <summary>Chooses what others see.</summary>
    public async Task<Answer> ChooseAsync(object choice) =>
        (await Caller.SendAsync(HttpMethod.Put, "api/presence/me", JsonContent.Create(choice))).MustBeOk();

    /// <summary>Shows a state to a conversation; the body as it is.</summary>
    public Task<Answer> ShowAsync(string conversation, string body) => Caller.SendAsync(
        HttpMethod.Put, $"api/conversations/{conversation}/state", new StringContent(body, Encoding.UTF8, "application/json"));

    /// <summary>This user's status as another one reads it.</summary>
    public async Task<string> StatusSeenByAsync(User other) =>
        (await other.Caller.GetAsync($"api/presence?userId={Uri.EscapeDataString(Id)}")).Text("status");

    /// <summary>Connects, and waits for the snapshot: from then on it hears all.</summary>
    public Task<Listener> ListenAsync(params User[] watched) =>
        Listener.ConnectAsync(this, watched.Length == 0 ? null : new { watch = watched.Select(w => w.Id) });

    /// <summary>The same, and says when the user was last active.</summary>
    public Task<Listener> ListenAsync(DateTimeOffset activeAt) => ListenSayingAsync(new { activeAt });

    /// <summary>The same, with the body given to negotiate.</summary>
    public Task<Listener> ListenSayingAsync(object body) => Listener.ConnectAsync(this, body);
}
