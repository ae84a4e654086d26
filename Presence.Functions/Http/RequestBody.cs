using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>Reads JSON bodies, and says of a bad one which field breaks which limit.</summary>
internal static class RequestBody
{
    /// <summary>The largest body, in bytes.</summary>
    public const int MaxBytes = 16_384;

    private const string Field = "body";

    /// <summary>The body as <typeparamref name="T"/>; an empty body reads as <c>{}</c>.</summary>
    /// <exception cref="UnsupportedContentException">The body is not in UTF-8, or not as it is.</exception>
    /// <exception cref="InvalidInputException">The body is too large, no JSON object, or has a field that is unknown, missing or of another type.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        RequestContent.ThrowIfUnsupported(request);
        var bytes = WithoutMark(await ReadBytesAsync(request, cancellationToken));
        using var document = Parse(bytes.IsEmpty ? "{}"u8.ToArray() : bytes);
        ThrowIfFieldsDiffer(document.RootElement, type);
        try
        {
            return document.Deserialize(type)!;
        }
        catch (JsonException e)
        {
            var name = e.Path is { Length: > 2 } path ? path[2..].Split('[', '.')[0] : Field;
            throw new InvalidInputException(name, "must be " + Kind(type.Properties.FirstOrDefault(p => p.Name == name)?.PropertyType));
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw TooLarge();
        }

        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxBytes ? throw TooLarge() : buffer[..length];
    }

    /// <summary>Some editors and libraries put a byte order mark in front of UTF-8, where it means nothing.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) => bytes.AsMemory(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);

    private static InvalidInputException TooLarge() => new(Field, $"must be at most {MaxBytes} bytes long");

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, new() { AllowDuplicateProperties = false, MaxDepth = 8 });
        }
        catch (JsonException)
        {
            throw new InvalidInputException(Field, "must be valid JSON without duplicate fields");
        }
    }

    private static void ThrowIfFieldsDiffer(JsonElement body, JsonTypeInfo type)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(Field, "must be a JSON object");
        }

        var known = type.Properties.Select(p => p.Name).ToList();
        foreach (var field in body.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                var name = field.Name.Length <= 40 ? field.Name : field.Name[..40] + "…";
                throw new InvalidInputException(
                    name, known.Count == 0 ? "is unknown: this request takes no fields" : $"is unknown: the fields are {string.Join(", ", known)}");
            }
        }

        foreach (var required in type.Properties.Where(p => p is { IsRequired: true } || !IsOptional(p)))
        {
            if (!body.TryGetProperty(required.Name, out _))
            {
                throw new InvalidInputException(required.Name, "is missing: it must be " + Kind(required.PropertyType));
            }
        }
    }

    private static bool IsOptional(JsonPropertyInfo property) => property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null;

    private static string Kind(Type? type) => (Nullable.GetUnderlyingType(type ?? typeof(object)) ?? type) switch
    {
        { } t when t == typeof(bool) => "true or false",
        { } t when t == typeof(string) => "a string",
        { } t when t == typeof(double) => "a number",
        { } t when t == typeof(System.Collections.Immutable.ImmutableArray<string>) => "an array of strings",
        _ => "of another type",
    };
}
