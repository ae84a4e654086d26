using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Presence.Client.Http;

/// <summary>Makes calls, and says what came of them.</summary>
internal sealed class PresenceTransport(Func<HttpClient> http, IOptionsMonitor<PresenceClientOptions> options, TimeProvider time)
{
    private const string TokenHeader = "Presence-Token";

    private readonly ThrottleTokens _tokens = new(options.CurrentValue.MaxRememberedUsers);

    /// <summary>A call of a user.</summary>
    public async Task<T> AskAsync<T>(Request request, PresenceCaller? caller, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await SendAsync(request, caller, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(answer, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same; null if nothing has changed since the version that the request names.</summary>
    public async Task<T?> AskSinceAsync<T>(Request request, PresenceCaller? caller, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await SendAsync(request, caller, cancellationToken).ConfigureAwait(false);
        return answer.StatusCode == HttpStatusCode.NotModified ? null : await ReadAsync(answer, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A call of a user whose answer has no envelope.</summary>
    public async Task<T> AskPlainAsync<T>(Request request, PresenceCaller? caller, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await SendAsync(request, caller, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? await DeserializeAsync(answer, type, cancellationToken).ConfigureAwait(false) ?? throw Unreadable(answer.StatusCode)
            : throw await FailureAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A call of the backend.</summary>
    public async Task<T> AskAsBackendAsync<T>(Request request, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await SendAsBackendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(answer, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A call of the backend whose answer is text.</summary>
    public async Task<string> AskTextAsBackendAsync(Request request, CancellationToken cancellationToken)
    {
        using var answer = await SendAsBackendAsync(request, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)
            : throw await FailureAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A call of the backend of whose answer nothing is needed.</summary>
    public async Task TellAsBackendAsync(Request request, CancellationToken cancellationToken)
    {
        using var answer = await SendAsBackendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw await FailureAsync(answer, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A call of anybody, whose answer has no envelope, and says the same with these two status codes.</summary>
    public async Task<T> AskAsNobodyAsync<T>(Request request, HttpStatusCode orElse, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var message = request.ToMessage(BaseAddress);
        using var answer = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccessStatusCode || answer.StatusCode == orElse
            ? await DeserializeAsync(answer, type, cancellationToken).ConfigureAwait(false) ?? throw Unreadable(answer.StatusCode)
            : throw await FailureAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The user has left: its next call brings nothing.</summary>
    public void Forget(PresenceCredentials credentials) => _tokens.Forget(credentials.Key);

    /// <summary>By what the call says whose it is.</summary>
    /// <exception cref="InvalidOperationException">Neither it nor the options say.</exception>
    public ValueTask<PresenceCredentials> CredentialsOfAsync(PresenceCaller? caller, CancellationToken cancellationToken) =>
        caller?.Credentials is { } own ? ValueTask.FromResult(own)
        : options.CurrentValue.GetCredentials is { } get ? get(cancellationToken)
        : throw new InvalidOperationException(
            $"The call of a user brings no credentials, and {nameof(PresenceClientOptions)}.{nameof(PresenceClientOptions.GetCredentials)} is not set.");

    private Uri BaseAddress => options.CurrentValue.BaseAddress is { } address
        ? address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/")
        : throw new InvalidOperationException($"{nameof(PresenceClientOptions)}.{nameof(PresenceClientOptions.BaseAddress)} is not set.");

    private async Task<HttpResponseMessage> SendAsync(Request request, PresenceCaller? caller, CancellationToken cancellationToken)
    {
        var credentials = await CredentialsOfAsync(caller, cancellationToken).ConfigureAwait(false);
        using var message = request.ToMessage(BaseAddress);
        message.Headers.TryAddWithoutValidation(credentials.Header, credentials.Value);
        if (_tokens.Find(credentials.Key) is { } token)
        {
            message.Headers.TryAddWithoutValidation(TokenHeader, token);
        }

        if (caller is { IsPassive: true })
        {
            message.Headers.TryAddWithoutValidation("Presence-Activity", "passive");
        }

        if (caller is { IsConnected: true })
        {
            message.Headers.TryAddWithoutValidation("Presence-Connected", "true");
        }

        if (caller?.ActiveAt is { } at)
        {
            message.Headers.TryAddWithoutValidation("Presence-Active-At", at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        }

        var answer = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (answer.Headers.TryGetValues(TokenHeader, out var given))
        {
            _tokens.Keep(credentials.Key, given.First());
        }

        return answer;
    }

    private async Task<HttpResponseMessage> SendAsBackendAsync(Request request, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage(BaseAddress);
        if (options.CurrentValue.FunctionKey is { } key)
        {
            message.Headers.TryAddWithoutValidation("x-functions-key", key);
        }

        return await SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await http().SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new PresenceException($"Presence cannot be reached: {e.Message}", PresenceErrorCode.Unreachable, innerException: e);
        }
        catch (Exception e) when (e is TimeoutRejectedException || e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new PresenceException("Presence did not answer in time.", PresenceErrorCode.TimedOut, innerException: e);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw await FailureAsync(answer, cancellationToken).ConfigureAwait(false);
        }

        return (await DeserializeAsync(answer, type, cancellationToken).ConfigureAwait(false))?.Data ?? throw Unreadable(answer.StatusCode);
    }

    private static async Task<T?> DeserializeAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw Unreadable(answer.StatusCode, e);
        }
    }

    private async Task<PresenceException> FailureAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var failure = await FailureOfAsync(answer, cancellationToken).ConfigureAwait(false);
        var wait = ClientResilience.RetryAfterOf(answer, time) ?? (failure?.RetryAfterSeconds is { } seconds and >= 0 and < 1e6 ? TimeSpan.FromSeconds(seconds) : null);
        return new(failure?.Error ?? $"Presence answered {(int)answer.StatusCode}.", failure?.Code ?? CodeOf(answer.StatusCode), answer.StatusCode, wait);
    }

    /// <summary>Null where the body is none of Presence.</summary>
    private static async Task<Envelope<Nothing>?> FailureOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return await DeserializeAsync(answer, ClientJson.Default.EnvelopeNothing, cancellationToken).ConfigureAwait(false);
        }
        catch (PresenceException)
        {
            return null;
        }
    }

    /// <summary>Of answers that are not of the functions themselves, such as the refusal of a key, or what stands in front says.</summary>
    private static string CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => PresenceErrorCode.Unauthenticated,
        HttpStatusCode.Forbidden => PresenceErrorCode.Forbidden,
        HttpStatusCode.NotFound => PresenceErrorCode.NotFound,
        HttpStatusCode.TooManyRequests => PresenceErrorCode.RateLimited,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => PresenceErrorCode.Unreachable,
        _ => PresenceErrorCode.UnreadableAnswer,
    };

    private static PresenceException Unreadable(HttpStatusCode status, Exception? why = null) =>
        new("What was answered is no answer of Presence.", PresenceErrorCode.UnreadableAnswer, status, innerException: why);
}
