using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Presence.Tests.Contract;

/// <summary>What of the contract the tests have seen, over one run: written beside the tests when it ends, for who asks what nothing has tried.</summary>
internal static class ContractCoverage
{
    private static readonly ConcurrentDictionary<string, int> Answers = new();
    private static readonly ConcurrentDictionary<string, int> Messages = new();

    /// <summary>An answer that was held to the document.</summary>
    public static void Add(Exchange exchange)
    {
        if (OpenApiContract.Current.Find(exchange.Method, exchange.Path) is { } operation)
        {
            Answers.AddOrUpdate(NameOf(operation.Id, exchange.Status, exchange.Status >= 400 && exchange.Body.Length > 0 ? CodeOf(exchange.Body) : ""), 1, (_, count) => count + 1);
        }
    }

    /// <summary>A message that was held to the document.</summary>
    public static void Add(string target) => Messages.AddOrUpdate(target, 1, (_, count) => count + 1);

    /// <summary>Writes what was seen, and what was not.</summary>
    public static void Write()
    {
        if (Answers.IsEmpty && Messages.IsEmpty)
        {
            return;
        }

        var described = OpenApiContract.Current.Operations.SelectMany(DescribedBy).ToList();
        var unseen = described.Where(one => !Answers.ContainsKey(one)).ToList();
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "contract-coverage.txt"),
        [
            string.Create(CultureInfo.InvariantCulture, $"{Answers.Values.Sum()} answers and {Messages.Values.Sum()} messages were as they are described."),
            string.Create(CultureInfo.InvariantCulture, $"Seen: {described.Count - unseen.Count} of {described.Count} answers; {Messages.Count} of {AsyncApiContract.Current.Targets.Count} messages."),
            "Not seen:",
            .. unseen,
            .. AsyncApiContract.Current.Targets.Where(target => !Messages.ContainsKey(target)),
        ]);
    }

    private static IEnumerable<string> DescribedBy(DescribedOperation operation) => operation.Responses.SelectMany(response =>
    {
        var status = int.Parse(response.Key, CultureInfo.InvariantCulture);
        var codes = OpenApiContract.Current.Response(operation, status)!["content"]?["application/json"]?["schema"]?["allOf"]?[1]?["properties"]?["code"]?["enum"]?.AsArray();
        return codes is null ? [NameOf(operation.Id, status, "")] : codes.Select(code => NameOf(operation.Id, status, code!.GetValue<string>()));
    });

    private static string NameOf(string operation, int status, string code) => string.Create(CultureInfo.InvariantCulture, $"{operation} {status} {code}").TrimEnd();

    /// <summary>Health says what is away without one.</summary>
    private static string CodeOf(string body) => JsonElement.Parse(body).TryGetProperty("code", out var code) ? code.GetString()! : "";
}
