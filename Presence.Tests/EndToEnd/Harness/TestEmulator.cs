using Presence.LocalHost.Hosting;
using Presence.LocalHost.SignalR;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>The emulator with options of the test, on any free port.</summary>
internal sealed class TestEmulator(SignalREmulator emulator) : ISignalREmulator
{
    public string ConnectionString => emulator.ConnectionString;

    public void SendUpstreamTo(Uri webhook) => emulator.UpstreamUrl = webhook.AbsoluteUri;

    public void Refuse(TimeSpan duration) => emulator.Refuse(duration);

    public bool Cut(string connectionId) => emulator.Cut(connectionId);

    public ValueTask DisposeAsync() => emulator.DisposeAsync();
}
