namespace Presence.Chaos.Judgement;

/// <summary>A user is out, by its own wish or by the backend's: nothing it does by itself may bring it back.</summary>
/// <param name="User">Who.</param>
/// <param name="Why">In the words of the report.</param>
/// <param name="Version">The version with which it left; a later one must not be other than offline.</param>
/// <param name="Until">When something the user did may bring it back; null: never.</param>
internal sealed record Absence(string User, string Why, long Version, DateTimeOffset? Until);
