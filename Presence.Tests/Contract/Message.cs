namespace Presence.Tests.Contract;

/// <summary>What the name of a message and the type of its argument do not say.</summary>
/// <param name="Target">The name that clients listen to.</param>
/// <param name="Argument">The type of its one argument.</param>
/// <param name="Summary">What it tells, in a line.</param>
/// <param name="Recipients">Who is told.</param>
/// <param name="Handling">What a client does with it.</param>
internal sealed record Message(string Target, Type Argument, string Summary, string Recipients, string Handling);
