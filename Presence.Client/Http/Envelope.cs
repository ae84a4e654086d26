namespace Presence.Client.Http;

/// <summary>The body of every answer: data, or an error.</summary>
internal sealed record Envelope<T>
{
    public bool Success { get; init; }

    public T? Data { get; init; }

    public string? Error { get; init; }

    public string? Code { get; init; }

    public double? RetryAfterSeconds { get; init; }
}

/// <summary>Data that is not looked at.</summary>
internal sealed record Nothing;
