using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Presence.Client.Http;

/// <summary>What is to be asked. Ids stand in queries and bodies, which carry any.</summary>
internal sealed class Request(HttpMethod method, string path)
{
    private readonly List<(string Name, string Value)> _query = [];
    private byte[]? _body;
    private bool _isSafeTwice = method != HttpMethod.Post;

    /// <summary>With a parameter; null leaves it out.</summary>
    public Request With(string name, string? value)
    {
        if (value is not null)
        {
            _query.Add((name, value));
        }

        return this;
    }

    /// <summary>With a body.</summary>
    public Request With<T>(T body, JsonTypeInfo<T> type)
    {
        _body = JsonSerializer.SerializeToUtf8Bytes(body, type);
        return this;
    }

    /// <summary>Made twice it has the effect of once, although its method does not say so.</summary>
    public Request SafeTwice()
    {
        _isSafeTwice = true;
        return this;
    }

    /// <summary>Is not to be made again: what it says is old by then.</summary>
    public Request OnlyOnce()
    {
        _isSafeTwice = false;
        return this;
    }

    public HttpRequestMessage ToMessage(Uri baseAddress)
    {
        var query = string.Join('&', _query.Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}"));
        var message = new HttpRequestMessage(method, new Uri(baseAddress, query.Length == 0 ? path : $"{path}?{query}"));
        if (_body is not null)
        {
            message.Content = new ByteArrayContent(_body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (_isSafeTwice)
        {
            message.MayBeMadeTwice();
        }

        return message;
    }
}
