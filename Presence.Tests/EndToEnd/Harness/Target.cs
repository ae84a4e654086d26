namespace Presence.Tests.EndToEnd.Harness;

/// <summary>
/// What the tests are run against: the system that the environment names, or local hosts of their own. A system elsewhere is asked with
/// its own settings, so that tests which need others are skipped.
/// </summary>
internal static class Target
{
    private const string Url = "PRESENCE_TEST_URL";

    private const string FunctionKey = "PRESENCE_TEST_FUNCTION_KEY";

    /// <summary>Whether the environment names a system.</summary>
    public static bool IsElsewhere => Optional(Url) is not null;

    /// <summary>A system with default settings, shared by all tests that take any.</summary>
    public static Task<PresenceSystem> AnyAsync() => IsElsewhere ? Task.FromResult(Elsewhere()) : SharedParts.SystemAsync();

    /// <summary>A system of the test's own. Skips the test when the environment names one.</summary>
    public static async Task<PresenceSystem> OwnAsync(LocalParts? parts = null, params (string Name, string Value)[] settings)
    {
        SkipElsewhere("needs settings of its own");
        return await PresenceSystem.StartAsync(parts ?? new(), settings);
    }

    /// <summary>Skips the test when the environment names a system.</summary>
    public static void SkipElsewhere(string reason) => Assert.SkipWhen(IsElsewhere, $"{reason}, and {Url} names a system that runs already");

    /// <summary>Skips the test when the environment names a system and no key of it: that system asks for none.</summary>
    public static void SkipWithoutKeys() =>
        Assert.SkipWhen(IsElsewhere && Optional(FunctionKey) is null, $"{FunctionKey} is not set: the system that {Url} names asks for no keys");

    private static PresenceSystem Elsewhere() => PresenceSystem.At(
        new Uri(Setting(Url)), Optional(FunctionKey), Setting("PRESENCE_TEST_SIGNING_KEY"), Setting("PRESENCE_TEST_AUDIENCE"));

    private static string Setting(string name) =>
        Optional(name) ?? throw new InvalidOperationException($"{Url} is set, so {name} must be set as well.");

    private static string? Optional(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
