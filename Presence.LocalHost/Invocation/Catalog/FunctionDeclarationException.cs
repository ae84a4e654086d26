namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>One function declaration that cannot work; the message is a clause that names it.</summary>
internal sealed class FunctionDeclarationException(string message) : Exception(message);
