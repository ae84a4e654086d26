
namespace Presence.Tests.EndToEnd.Harness;

/// <summary>Names nobody else uses.</summary>
internal static class Some
{
    public static string Conversation() => $"conversation-{Guid.NewGuid():N}";
}
