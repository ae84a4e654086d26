namespace Presence.Tests.Infra;

/// <summary>What the parser found in a query of Log Analytics.</summary>
/// <param name="Problems">What Azure would refuse, or warn of.</param>
/// <param name="Columns">The columns of its result.</param>
/// <param name="Tables">The tables it reads.</param>
/// <param name="Attributes">The attributes of metrics that it uses.</param>
/// <param name="Comparisons">What it compares with text.</param>
/// <param name="Texts">All text in quotation marks.</param>
internal sealed record KqlReading(
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Columns,
    IReadOnlyList<string> Tables,
    IReadOnlyList<KqlAttribute> Attributes,
    IReadOnlyList<KqlComparison> Comparisons,
    IReadOnlyList<string> Texts);

/// <summary>An attribute, and the metrics whose attribute it should be.</summary>
internal sealed record KqlAttribute(string Name, IReadOnlyList<string> Metrics);

/// <summary>A column or attribute compared with text, where the query speaks of certain metrics.</summary>
internal sealed record KqlComparison(
    string Operator, string Column, bool IsMetricName, string? Attribute, IReadOnlyList<string> Values, IReadOnlyList<string> Metrics);
