using System.Runtime.CompilerServices;
using System.Text;
using Presence.Simulation.Time;

namespace Presence.Simulation.Traces;

/// <summary>
/// What happened, line by line. A hash of it is always kept, the text only where somebody is to read it: the same seed gives the same
/// hash, and so the same text.
/// </summary>
internal sealed class Trace(VirtualTime time, bool keepsText)
{
    private readonly StringBuilder? _text = keepsText ? new() : null;
    private ulong _hash = 14695981039346656037;

    /// <summary>The hash of all lines so far.</summary>
    public ulong Hash => _hash;

    /// <summary>The lines so far; empty where no text is kept.</summary>
    public string Text => _text?.ToString() ?? "";

    /// <summary>Adds a line.</summary>
    /// <param name="where">Where it happened: an instance, a service, a user.</param>
    /// <param name="line">What.</param>
    public void Say(string where, [InterpolatedStringHandlerArgument("")] TraceLine line)
    {
        Mix(time.Now.Ticks);
        Mix(where);
        _text?.Append(FormattableString.Invariant($"{time.Now.TotalSeconds,9:F3} {where,-8} ")).AppendLine(line.Text);
    }

    internal bool KeepsText => _text is not null;

    internal void Mix(long value) => _hash = (_hash ^ (ulong)value) * 1099511628211;

    internal void Mix(string value)
    {
        foreach (var c in value)
        {
            Mix(c);
        }
    }
}
