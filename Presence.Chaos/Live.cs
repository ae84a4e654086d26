using System.Globalization;

namespace Presence.Chaos;

/// <summary>The lines that tell what happens while it happens.</summary>
internal sealed class Live(TextWriter output, TimeProvider time)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly Lock _gate = new();

    public void Say(string what)
    {
        lock (_gate)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(time.GetUtcNow() - _start).TotalSeconds,7:0.0} s  {what}"));
        }
    }
}
