using System.Security.Cryptography;
using System.Text;

namespace Presence.LocalHost.SignalR;

/// <summary>The one secret of an emulator: clients, callers and upstream receivers prove themselves with it.</summary>
internal sealed class EmulatorAccessKey
{
    private EmulatorAccessKey(string value) => Value = value;

    public string Value { get; }

    public byte[] Bytes => Encoding.UTF8.GetBytes(Value);

    public static EmulatorAccessKey From(string? given)
    {
        if (given is null)
        {
            return new(RandomNumberGenerator.GetHexString(64, lowercase: true));
        }

        return given.Length >= SignalRConnectionString.ShortestAccessKey && !given.Contains(';', StringComparison.Ordinal)
            ? new(given)
            : throw new ArgumentException(
                $"The access key must have at least {SignalRConnectionString.ShortestAccessKey} characters and no semicolon.",
                nameof(given));
    }

    public override string ToString() => "(hidden)";
}
