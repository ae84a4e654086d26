using Presence.LocalHost.Hosting;
using Presence.LocalHost.SignalR;

namespace Presence.LocalHost.Realtime;

/// <summary>The emulator as the host starts it: on the port of the official one if that is free, else on any.</summary>
internal sealed class EmulatorStart : ISignalREmulator
{
    private const int UsualPort = 8888;

    private readonly SignalREmulator _emulator;

    private EmulatorStart(SignalREmulator emulator) => _emulator = emulator;

    public string ConnectionString => _emulator.ConnectionString;

    public static async Task<ISignalREmulator> StartAsync(PageOrigins pages, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var options = new SignalREmulatorOptions { AllowsPagesOf = pages.Allow };
        try
        {
            return new EmulatorStart(await SignalREmulator.StartAsync(options with { Port = UsualPort }, logging, cancellationToken));
        }
        catch (InvalidOperationException)
        {
            return new EmulatorStart(await SignalREmulator.StartAsync(options, logging, cancellationToken));
        }
    }

    public void SendUpstreamTo(Uri webhook) => _emulator.UpstreamUrl = webhook.AbsoluteUri;

    public void Refuse(TimeSpan duration) => _emulator.Refuse(duration);

    public bool Cut(string connectionId) => _emulator.Cut(connectionId);

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();
}
