using System.Text.Json;
using Presence.Chaos.Judgement;

namespace Presence.Chaos.Clients;

/// <summary>
/// The application's backend, as far as it has a webhook: it asks for all events, and looks how their delivery goes. What failed twice in a row is tried
/// again after five minutes only, which is longer than most runs; so it then does what operators would, and moves the receiver: another
/// URL is tried at once.
/// </summary>
internal sealed class WebhookOwner(Caller backend, Journal journal, WebhookReceiver receiver, Uri address)
{
    private const int MostFailures = 1;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Two runs, the retry of one attempt, and what a busy machine may add.</summary>
    private static readonly TimeSpan Patience = (ChaosSettings.Webhooks * 2) + TimeSpan.FromSeconds(10) + ChaosSettings.Margin;

    private string _webhook = "";

    /// <summary>Before anything happens, so that it is owed all that does.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var made = (await backend.InsistAsync(HttpMethod.Post, "api/webhooks", new { url = Url(0) }, cancellationToken)).Data!.Value;
        receiver.Secret = made.GetProperty("secret").GetString()!;
        _webhook = $"api/webhooks/{made.GetProperty("webhook").GetProperty("webhookId").GetString()}";
    }

    /// <summary>Until it is told to stop.</summary>
    public async Task TendAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await LookAsync(stop);
                await Task.Delay(LookEvery, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>Until all that the feed has told has come, or should have.</summary>
    public async Task FinishAsync(IReadOnlyCollection<ToldEvent> owed, CancellationToken cancellationToken)
    {
        var ids = owed.Select(told => told.Id).ToHashSet(StringComparer.Ordinal);
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < Patience;)
        {
            if (ids.IsSubsetOf(journal.Sent.Select(told => told.Id)))
            {
                return;
            }

            await LookAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var answer = await backend.SendAsync(HttpMethod.Get, _webhook, body: null, cancellationToken);
        if (answer is { IsOk: true, Data: { ValueKind: JsonValueKind.Object } found } && found.GetProperty("health").GetProperty("failedAttempts").GetInt32() > MostFailures)
        {
            journal.AddMove();
            await backend.InsistAsync(HttpMethod.Patch, _webhook, new { url = Url(journal.Moves) }, cancellationToken);
        }
    }

    private Uri Url(int move) => new(address, $"hook/{move}");
}
