using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>Reads JSON bodies, and says of a bad one which field breaks which limit.</summary>
internal static class RequestBody
{
    /// <summary>The largest body of one object, in bytes.</summary>
    public const int MaxBytes = 16_384;

    private const string Field = "body";

    private const int MaxDepth = 8;

    /// <summary>The body as <typeparamref name="T"/>; an empty body reads as <c>{}</c>.</summary>
    /// <exception cref="UnsupportedContentException">The body is not in UTF-8, or not as it is.</exception>
    /// <exception cref="InvalidInputException">The body is too large, no JSON object, or has a field that is unknown, missing or of another type.</exception>
    public static Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ReadAsync(request, type, MaxBytes, cancellationToken);

    /// <summary>The same of a larger body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">What it is.</param>
    /// <param name="maxBytes">The largest body, in bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <inheritdoc cref="ReadAsync{T}(HttpRequest, JsonTypeInfo{T}, CancellationToken)" path="/exception"/>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, int maxBytes, CancellationToken cancellationToken)
    {
        using var document = await ReadAsync(request, maxBytes, cancellationToken);
        return Read(document.RootElement, type, place: "");
    }

    /// <summary>The body as an array of <typeparamref name="T"/>. What is wrong in one is named by its place: <c>[3].userId</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">What each of them is.</param>
    /// <param name="most">How many there may be; at least one must be.</param>
    /// <param name="maxBytes">The largest body, in bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <inheritdoc cref="ReadAsync{T}(HttpRequest, JsonTypeInfo{T}, CancellationToken)" path="/exception"/>
    public static async Task<IReadOnlyList<T>> ReadArrayAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, int most, int maxBytes, CancellationToken cancellationToken)
    {
        using var document = await ReadAsync(request, maxBytes, cancellationToken);
        var body = document.RootElement;
        return body.ValueKind != JsonValueKind.Array ? throw new InvalidInputException(Field, "must be a JSON array")
            : body.GetArrayLength() is var count && (count == 0 || count > most)
                ? throw new InvalidInputException(Field, $"must hold 1 to {most} entries; it holds {count}")
            : [.. body.EnumerateArray().Select((entry, i) => Read(entry, type, Place(i)))];
    }

    /// <summary>Whether a field may not be left out.</summary>
    public static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || (!property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null);

    /// <summary>How an entry of an array is named.</summary>
    public static string Place(int index) => $"[{index}]";

    private static async Task<JsonDocument> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        RequestContent.ThrowIfUnsupported(request);
        var bytes = WithoutMark(await ReadBytesAsync(request, maxBytes, cancellationToken));
        return Parse(bytes.IsEmpty ? "{}"u8.ToArray() : bytes);
    }

    /// <param name="element">The object.</param>
    /// <param name="type">What it is to be.</param>
    /// <param name="place">Where it stands in the body; empty if it is the body.</param>
    private static T Read<T>(JsonElement element, JsonTypeInfo<T> type, string place)
    {
        ThrowIfFieldsDiffer(element, type, place);
        try
        {
            return element.Deserialize(type)!;
        }
        catch (JsonException e)
        {
            var name = e.Path is { Length: > 2 } path ? path[2..].Split('[', '.')[0] : Field;
            throw new InvalidInputException(NameOf(place, name), "must be " + Kind(type.Properties.FirstOrDefault(p => p.Name == name)?.PropertyType));
        }
    }

    private static string NameOf(string place, string field) => place.Length == 0 ? field : $"{place}.{field}";

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        var buffer = new byte[(request.ContentLength ?? maxBytes) + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length == buffer.Length ? throw TooLarge(maxBytes) : buffer[..length];
    }

    /// <summary>Some editors and libraries put a byte order mark in front of UTF-8, where it means nothing.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) => bytes.AsMemory(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);

    private static InvalidInputException TooLarge(int maxBytes) => new(Field, $"must be at most {maxBytes} bytes long");

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            throw new InvalidInputException(Field, $"must be valid JSON without duplicate fields, nested at most {MaxDepth} deep");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in the name of a field, which is met when names are compared.
            throw new InvalidInputException(Field, "must be valid Unicode text in the names of its fields");
        }
    }

    private static void ThrowIfFieldsDiffer(JsonElement body, JsonTypeInfo type, string place)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(place.Length == 0 ? Field : place, "must be a JSON object");
        }

        var known = type.Properties.Select(p => p.Name).ToList();
        foreach (var field in body.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                var name = field.Name.Length <= 40 ? field.Name : field.Name[..40] + "…";
                throw new InvalidInputException(
                    NameOf(place, name), known.Count == 0 ? "is unknown: this request takes no fields" : $"is unknown: the fields are {string.Join(", ", known)}");
            }
        }

        foreach (var required in type.Properties.Where(IsRequired))
        {
            if (!body.TryGetProperty(required.Name, out _))
            {
                throw new InvalidInputException(NameOf(place, required.Name), "is missing: it must be " + Kind(required.PropertyType));
            }
        }
    }

    private static string Kind(Type? type) => (Nullable.GetUnderlyingType(type ?? typeof(object)) ?? type) switch
    {
        { } t when t == typeof(bool) => "true or false",
        { } t when t == typeof(string) => "a string",
        { } t when t == typeof(double) => "a number",
        { } t when t == typeof(JsonElement) => "any JSON",
        { } t when t == typeof(WebhookFilterRequest) => "an object of types, conversations and users, each an array of strings",
        { } t when t == typeof(System.Collections.Immutable.ImmutableArray<string>) => "an array of strings",
        _ => "of another type",
    };
}
