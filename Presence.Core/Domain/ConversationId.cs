using System.Buffers;

namespace Presence.Core.Domain;

/// <summary>The rules of a conversation's id. Its characters need no escape in a table key, a URL or a group name.</summary>
public static class ConversationId
{
    /// <summary>The longest id, in characters: up to 50 of them stand in one property of a user's row, which holds 32,768.</summary>
    public const int MaxLength = 100;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~@:");

    /// <summary>Returns the id if it is one.</summary>
    /// <exception cref="InvalidInputException">It is empty, too long, or has other characters than letters, digits and <c>-._~@:</c>.</exception>
    public static string Parse(string? text, string field = "conversationId") =>
        IsValid(text)
            ? text!
            : throw new InvalidInputException(field, $"must be 1 to {MaxLength} characters, each an ASCII letter, a digit or one of - . _ ~ @ :");

    internal static bool IsValid(string? text) =>
        text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
}
