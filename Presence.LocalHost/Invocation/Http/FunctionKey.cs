using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Invocation.Http;

/// <summary>
/// The key that functions above the anonymous level ask for; without one in the settings nothing is asked for, as in Core Tools.
/// </summary>
internal sealed class FunctionKey(IConfiguration configuration)
{
    private const string HeaderName = "x-functions-key";
    private const string QueryName = "code";

    private readonly byte[]? _key = configuration[SettingNames.FunctionKey] is { Length: > 0 } key ? Encoding.UTF8.GetBytes(key) : null;

    public bool Allows(AuthorizationLevel level, HttpRequest request) =>
        level == AuthorizationLevel.Anonymous || _key is null || Presented(request) is { } presented && IsKey(_key, presented);

    // The header wins, as on the Functions host.
    private static string? Presented(HttpRequest request) =>
        request.Headers.TryGetValue(HeaderName, out var header) ? header[0] : request.Query[QueryName].FirstOrDefault();

    private static bool IsKey(byte[] key, string presented) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(key), SHA256.HashData(Encoding.UTF8.GetBytes(presented)));
}
