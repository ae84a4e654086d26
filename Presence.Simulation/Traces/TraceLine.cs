using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Presence.Simulation.Traces;

/// <summary>A line of a trace: what stands in its holes is hashed, and the text is made only where it is kept.</summary>
[InterpolatedStringHandler]
internal readonly struct TraceLine(int literalLength, int formattedCount, Trace trace)
{
    private readonly Trace _trace = trace;
    private readonly StringBuilder? _text = trace.KeepsText ? new(literalLength + formattedCount * 8) : null;

    public string Text => _text?.ToString() ?? "";

    public void AppendLiteral(string text) => _text?.Append(text);

    public void AppendFormatted(string? text)
    {
        _trace.Mix(text ?? "");
        _text?.Append(text);
    }

    public void AppendFormatted(int number) => AppendFormatted((long)number);

    public void AppendFormatted(long number)
    {
        _trace.Mix(number);
        _text?.Append(number);
    }

    public void AppendFormatted(bool value) => AppendFormatted(value ? "yes" : "no");

    public void AppendFormatted(TimeSpan span)
    {
        _trace.Mix(span.Ticks);
        _text?.Append(CultureInfo.InvariantCulture, $"{span.TotalSeconds:F3} s");
    }

    public void AppendFormatted(DateTimeOffset? moment)
    {
        _trace.Mix(moment?.Ticks ?? 0);
        _text?.Append(moment is { } at ? (at - Time.VirtualTime.Start).TotalSeconds.ToString("F3", CultureInfo.InvariantCulture) : "none");
    }

    public void AppendFormatted<T>(T value)
        where T : struct, Enum => AppendFormatted(value.ToString());

    public void AppendFormatted(IEnumerable<string> texts) => AppendFormatted(string.Join(' ', texts));
}
