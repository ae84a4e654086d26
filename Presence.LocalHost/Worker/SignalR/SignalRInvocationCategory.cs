using System.Text.Json.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What an upstream event is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter))]
public enum SignalRInvocationCategory
{
    Connections,
    Messages,
}
