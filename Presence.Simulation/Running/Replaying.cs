namespace Presence.Simulation.Running;

/// <summary>Runs one schedule again, and prints all that happens in it.</summary>
internal static class Replaying
{
    public static async Task<int> RunAsync(ulong seed)
    {
        using var schedule = new Schedule(seed, keepsText: true);
        var verdict = await schedule.RunAsync();
        Console.Write(verdict.Text);
        Console.WriteLine(FormattableString.Invariant($"seed {seed}, hash {verdict.Hash:x16}: {verdict.Problem ?? "all held"}"));
        return verdict.Problem is null ? 0 : 1;
    }
}
