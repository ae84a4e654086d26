using System.Net;
using System.Net.Sockets;

namespace Presence.Tests.LocalHost.Hosting;

public class LocalHostProgramTests
{
    private const string AnyPort = "http://127.0.0.1:0";

    // What the functions ask for besides; the tests are about the program around them.
    private static readonly Dictionary<string, string> Settings = new() { ["PresenceSweepSchedule"] = "*/15 * * * * *" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KilledWithoutAChanceToCleanUpItLeavesNoAzurite()
    {
        using var program = LocalHostProgram.Start(Settings, "--urls", AnyPort);
        var port = Port(await program.LineAsync("(Azurite)"));

        program.Kill();

        await EndOfAsync(port);
    }

    [Fact]
    public async Task TerminatedItStopsWhatItStartedAndEndsWithZero()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such signal.");
        using var program = LocalHostProgram.Start(Settings, "--urls", AnyPort);
        var port = Port(await program.LineAsync("(Azurite)"));
        await program.LineAsync("Ctrl+C stops it.");

        program.Terminate();

        var (exitCode, _, errors) = await program.ExitAsync();
        Assert.Equal(0, exitCode);
        Assert.Empty(errors);
        await EndOfAsync(port);
    }

    [Fact]
    public async Task APortThatWasAskedForAndIsTakenIsOneLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        using var program = LocalHostProgram.Start(Settings, "--urls", url);

        var (exitCode, output, errors) = await program.ExitAsync();
        Assert.Equal(1, exitCode);
        Assert.Equal($"Cannot listen on {url}: the port is in use by another program.", errors.Trim());
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutNodeJsItSaysInOneLineWhatIsMissing()
    {
        using var empty = new TemporaryDirectory();

        using var program = LocalHostProgram.Start(new Dictionary<string, string>(Settings) { ["PATH"] = empty.Path }, "--urls", AnyPort);

        var (exitCode, _, errors) = await program.ExitAsync();
        Assert.Equal(1, exitCode);
        Assert.Equal(
            "Azurite cannot be started: 'node' is not on the PATH. "
            + "Install Node.js 20 or later, or set AzureWebJobsStorage to a storage account.",
            errors.Trim());
    }

    [Fact]
    public async Task ABadSettingOfItsOwnIsOneLineThatNamesIt()
    {
        using var program = LocalHostProgram.Start(
            new Dictionary<string, string>(Settings) { ["LocalHost__AllowedOrigins"] = "https://app.example.com,*" }, "--urls", AnyPort);

        var (exitCode, output, errors) = await program.ExitAsync();
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal(
            "LocalHost__AllowedOrigins: '*' is no origin such as https://app.example.com (several are divided by commas).", errors.Trim());
    }

    [Fact]
    public async Task AnUnknownArgumentIsAnsweredWithTheUsageInOneLine()
    {
        using var program = LocalHostProgram.Start(Settings, "--port", "1");

        var (exitCode, _, errors) = await program.ExitAsync();
        Assert.Equal(1, exitCode);
        Assert.StartsWith("unknown argument '--port'; usage: dotnet run --project Presence.LocalHost", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }

    private static int Port(string line) => new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]).Port;

    // A connection ends with the process or because it is idle; only when a new one is refused the process is gone.
    private static async Task EndOfAsync(int port)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
                while (await client.GetStream().ReadAsync(new byte[1], Cancellation) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Reset: it ended while it was being read from.
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Reset: it ended while it was being connected to.
            }
            catch (SocketException failure)
            {
                Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
                return;
            }
        }
    }
}
