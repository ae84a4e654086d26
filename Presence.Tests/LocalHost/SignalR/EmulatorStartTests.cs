using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Presence.LocalHost.SignalR;

namespace Presence.Tests.LocalHost.SignalR;

public class EmulatorStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task APortInUseIsNamed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(new() { Port = port }));

        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheConnectionStringNamesTheAddressAndTheKey()
    {
        var key = new string('k', 32);

        await using var emulator = await StartAsync(new() { AccessKey = key });

        Assert.Equal($"Endpoint=http://127.0.0.1:{emulator.Endpoint.Port};AccessKey={key};Version=1.0;", emulator.ConnectionString);
    }

    [Fact]
    public async Task EveryStartHasAKeyOfItsOwn()
    {
        await using var one = await StartAsync(new());
        await using var other = await StartAsync(new());

        Assert.NotEqual(
            SignalRConnectionString.Parse(one.ConnectionString).AccessKey, SignalRConnectionString.Parse(other.ConnectionString).AccessKey);
    }

    [Theory, InlineData("short"), InlineData("long enough, but cut in two; by a semicolon")]
    public async Task AnUnusableKeyIsRefused(string key)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new() { AccessKey = key }));

        Assert.DoesNotContain(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItIsReachedUnderLocalhostToo()
    {
        await using var emulator = await StartAsync(new());
        var connection = SignalRConnectionString.Parse(
            emulator.ConnectionString.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        using var http = new HttpClient();

        Assert.False(await new SignalRServiceClient(connection, http, TimeProvider.System).UserExistsAsync("hub", "ann", Cancellation));
    }

    private static Task<SignalREmulator> StartAsync(SignalREmulatorOptions options) =>
        SignalREmulator.StartAsync(options, NullLoggerFactory.Instance, Cancellation);
}
