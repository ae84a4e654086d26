namespace Presence.Functions.Http;

/// <summary>A body in a form that is not read here. The message names the header and is safe to show to a caller.</summary>
internal sealed class UnsupportedContentException(string message, string code) : Exception(message)
{
    /// <summary>The code of the failure.</summary>
    public string Code { get; } = code;

    /// <summary>What a body may be encoded by, if that was the trouble.</summary>
    public string? AcceptEncoding { get; init; }
}
