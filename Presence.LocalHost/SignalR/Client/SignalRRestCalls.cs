using System.Net;
using System.Net.Http.Headers;

namespace Presence.LocalHost.SignalR;

/// <summary>
/// Sends authorized calls of the data-plane REST API and turns every failure into a <see cref="SignalRServiceException"/>.
/// </summary>
internal sealed class SignalRRestCalls(SignalRConnectionString connection, HttpClient http, TimeProvider time)
{
    private const string ApiVersion = "2022-06-01";
    private const string ErrorCodeHeader = "x-ms-error-code";

    // Percent-encoded ids must arrive as written: canonicalization would turn an id of dots into another path.
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly SignalRTokens _tokens = new(connection, time);

    /// <summary>For operations that every answer but a success fails.</summary>
    public async Task CallAsync(
        string operation, HttpMethod method, string path, string query, HttpContent? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(operation, method, path, query, body, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw Refused(operation, response);
        }
    }

    /// <summary>For messages: nobody being there is no failure, if it is the service that says so.</summary>
    public async Task SendMessageAsync(string operation, string path, string query, HttpContent body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(operation, HttpMethod.Post, path, query, body, cancellationToken);
        var isDone = response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.NotFound && NamesAbsence(response.Headers));
        if (!isDone)
        {
            throw Refused(operation, response);
        }
    }

    public Task<bool> AskAsync(string operation, HttpMethod method, string path, CancellationToken cancellationToken) =>
        AskAsync(operation, method, path, query: "", cancellationToken);

    /// <summary>For operations where "not found" is an answer: false.</summary>
    public async Task<bool> AskAsync(
        string operation, HttpMethod method, string path, string query, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(operation, method, path, query, body: null, cancellationToken);
        return response switch
        {
            { IsSuccessStatusCode: true } => true,
            { StatusCode: HttpStatusCode.NotFound } when MeansAbsence(response.Headers) => false,
            _ => throw Refused(operation, response),
        };
    }

    private async Task<HttpResponseMessage> SendAsync(
        string operation, HttpMethod method, string path, string query, HttpContent? body, CancellationToken cancellationToken)
    {
        var address = new Uri($"{connection.ServerEndpoint.AbsoluteUri}{path}?api-version={ApiVersion}{query}", AsWritten);
        using var request = new HttpRequestMessage(method, address) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens.ForRest(path));
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SignalRServiceException(operation, e);
        }
    }

    // The service names what is absent; a proxy's or a wrong address's 404 must not pass for "this connection is gone".
    // An emulator may send no code at all.
    private static bool MeansAbsence(HttpResponseHeaders headers) => !headers.Contains(ErrorCodeHeader) || NamesAbsence(headers);

    private static bool NamesAbsence(HttpResponseHeaders headers) =>
        headers.TryGetValues(ErrorCodeHeader, out var codes)
        && codes.Any(code => code.Contains("NotExisted", StringComparison.OrdinalIgnoreCase)
            || code.Contains("NotInGroup", StringComparison.OrdinalIgnoreCase));

    private SignalRServiceException Refused(string operation, HttpResponseMessage response) =>
        new(operation, response.StatusCode, RetryAfter(response.Headers.RetryAfter));

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
