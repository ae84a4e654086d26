using System.Text.Json.Nodes;

namespace Presence.Tests.Contract;

/// <summary>
/// What a function's declaration does not say of the route that it answers. Path, methods and who may call stand in the declaration; fields and their
/// types in the types named here.
/// </summary>
/// <param name="Function">The function's name.</param>
/// <param name="Tag">Under which heading it stands.</param>
/// <param name="Summary">What it does, in a line.</param>
internal sealed record Operation(string Function, string Tag, string Summary)
{
    /// <summary>Its name, where a function has two.</summary>
    public string? Id { get; init; }

    /// <summary>One path of those that the route fits, where that one is described for itself.</summary>
    public string? Path { get; init; }

    /// <summary>What else there is to know.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is activity of its caller, unless the call says otherwise.</summary>
    public bool IsActivity { get; init; }

    /// <summary>What may stand in the query.</summary>
    public IReadOnlyList<Parameter> Query { get; init; } = [];

    /// <summary>What the body holds; null where it is not read.</summary>
    public Type? Body { get; init; }

    /// <summary>The most entries of a body that is an array of <see cref="Body"/>; null for one that is not.</summary>
    public int? MostEntries { get; init; }

    /// <summary>The largest body, in bytes.</summary>
    public int MaxBytes { get; init; } = Presence.Functions.Http.RequestBody.MaxBytes;

    /// <summary>A body that is taken, as JSON.</summary>
    public string? Example { get; init; }

    /// <summary>What the answer holds: one of these; none where it holds null.</summary>
    public IReadOnlyList<Type> Answers { get; init; } = [];

    /// <summary>Whether it is answered as CSV as well, to who asks for that.</summary>
    public bool HasCsv { get; init; }

    /// <summary>The content type of an answer that is no JSON of ours.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the answer is as others define it, without an envelope.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether the document itself is the answer: anybody may have it, and it is known by its tag.</summary>
    public bool IsDocument { get; init; }

    /// <summary>Whether anybody may ask, without credentials: how the app itself is.</summary>
    public bool IsOfHealth { get; init; }

    /// <summary>Whether it answers 304 where the caller has what there is.</summary>
    public bool CanBeUnmodified { get; init; }

    /// <summary>How it may fail beside as others do.</summary>
    public IReadOnlyList<FailureCode> Failures { get; init; } = [];
}

/// <summary>A parameter of a query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means.</param>
/// <param name="Schema">What it may be.</param>
internal sealed record Parameter(string Name, string Description, Func<ContractSchemas, JsonObject> Schema)
{
    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>One that is taken; null where it is left out in the example.</summary>
    public string? Example { get; init; }
}
