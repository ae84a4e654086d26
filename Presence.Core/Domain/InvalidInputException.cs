namespace Presence.Core.Domain;

/// <summary>Input that breaks a documented limit. The message names the field and the limit and is safe to show to a caller.</summary>
public sealed class InvalidInputException(string field, string problem) : Exception($"{field} {problem}")
{
    /// <summary>The field as the caller wrote it, for example <c>userId</c>.</summary>
    public string Field { get; } = field;
}
