using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Presence.LocalHost.Azurite;
using Presence.LocalHost.Hosting;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.LocalHost.Azurite;

public class AzuriteServerTests
{
    private static readonly AzuriteOptions AnyPort = new() { Port = 0 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItServesTablesUntilItIsDisposed()
    {
        var azurite = await StartAsync(AnyPort);
        await AddRowAsync(azurite, "alice");
        Assert.True(await HasRowAsync(azurite, "alice"));

        await azurite.DisposeAsync();

        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(azurite.TableEndpoint.Port));
    }

    [Fact]
    public async Task WhileItRefusesEveryConnectionIsResetAndThenThatEndsByItselfWithNothingLost()
    {
        await using var azurite = await StartAsync(AnyPort);
        await AddRowAsync(azurite, "alice");
        using var http = new HttpClient();

        await azurite.RefuseAsync(TimeSpan.FromHours(1), Cancellation);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(azurite.TableEndpoint, Cancellation));

        // The last word counts: this one ends at once, by itself.
        await azurite.RefuseAsync(TimeSpan.FromMilliseconds(1), Cancellation);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(azurite.TableEndpoint, Cancellation);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "it takes connections again");
        Assert.True(await HasRowAsync(azurite, "alice"));
    }

    [Fact]
    public async Task InMemoryEachBeginsEmpty()
    {
        await using var first = await StartAsync(AnyPort);
        await using var second = await StartAsync(AnyPort);

        await AddRowAsync(first, "alice");

        Assert.NotEqual(first.TableEndpoint.Port, second.TableEndpoint.Port);
        Assert.Empty(await TablesAsync(second));
    }

    [Fact]
    public async Task ADataDirectoryOutlivesTheProcess()
    {
        using var data = new TemporaryDirectory();
        var options = AnyPort with { DataDirectory = data.Path };
        await using (var first = await StartAsync(options))
        {
            await AddRowAsync(first, "alice");
        }

        await using var second = await StartAsync(options);

        Assert.True(await HasRowAsync(second, "alice"));
    }

    [Fact]
    public async Task ADataDirectoryBelongsToOne()
    {
        using var data = new TemporaryDirectory();
        var options = AnyPort with { DataDirectory = data.Path };
        await using var first = await StartAsync(options);

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => StartAsync(options));

        Assert.Contains("is in use by another local host", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APortThatWasAskedForAndIsTakenIsAStartFailure()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() => StartAsync(new AzuriteOptions { Port = port }));

        Assert.Equal($"Azurite cannot be started: port {port} on 127.0.0.1 is in use by another program.", failure.Message);
    }

    [Fact]
    public async Task TheUsualPortIsGivenUpWhenItIsTaken()
    {
        await using var first = await StartAsync(new AzuriteOptions());
        await using var second = await StartAsync(new AzuriteOptions());

        // Which of them has the usual port depends on who else is on this machine.
        Assert.NotEqual(first.TableEndpoint.Port, second.TableEndpoint.Port);
    }

    [Theory]
    [InlineData("node")]
    [InlineData("npm")]
    public async Task AMissingProgramIsNamedInOneLine(string missing)
    {
        using var path = new TemporaryDirectory();
        if (missing == "npm")
        {
            await File.WriteAllTextAsync(Path.Combine(path.Path, OperatingSystem.IsWindows() ? "node.exe" : "node"), "", Cancellation);
        }

        var failure = await Assert.ThrowsAsync<LocalHostStartException>(() =>
            StartAsync(AnyPort with { SearchPath = path.Path, CacheDirectory = Path.Combine(path.Path, "cache") }));

        Assert.StartsWith(
            $"Azurite cannot be started: '{missing}' is not on the PATH. Install Node.js", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task StartedAtOnceTheyInstallOnceAndClearAwayAnInterruptedInstallation()
    {
        using var cache = new TemporaryDirectory();
        var options = AnyPort with { CacheDirectory = cache.Path };
        var version = Path.GetFileName(await EnsureAsync(null));
        var interrupted = Directory.CreateDirectory(Path.Combine(cache.Path, $"{version}.interrupted.partial", "node_modules"));

        var folders = await Task.WhenAll(EnsureAsync(cache.Path), EnsureAsync(cache.Path));

        Assert.Equal(folders[0], folders[1]);
        Assert.False(interrupted.Exists && Directory.Exists(interrupted.FullName));
        Assert.Equal([folders[0]], Directory.GetDirectories(cache.Path));
        await using var azurite = await StartAsync(options);
        Assert.Empty(await TablesAsync(azurite));
    }

    private static Task<string> EnsureAsync(string? cacheDirectory) =>
        new AzuriteInstallation(new NodeTools(null), cacheDirectory, NullLogger<AzuriteServer>.Instance).EnsureAsync(Cancellation);

    private static Task<AzuriteServer> StartAsync(AzuriteOptions options) =>
        AzuriteServer.StartAsync(options, NullLogger<AzuriteServer>.Instance, Cancellation);

    private static async Task AddRowAsync(AzuriteServer azurite, string key)
    {
        var table = new TableClient(azurite.ConnectionString, "presence");
        await table.CreateIfNotExistsAsync(Cancellation);
        await table.AddEntityAsync(new TableEntity("p", key), Cancellation);
    }

    private static async Task<bool> HasRowAsync(AzuriteServer azurite, string key)
    {
        var table = new TableClient(azurite.ConnectionString, "presence");
        return (await table.GetEntityIfExistsAsync<TableEntity>("p", key, null, Cancellation)).HasValue;
    }

    private static async Task<List<string>> TablesAsync(AzuriteServer azurite)
    {
        var names = new List<string>();
        await foreach (var table in new TableServiceClient(azurite.ConnectionString).QueryAsync(cancellationToken: Cancellation))
        {
            names.Add(table.Name);
        }

        return names;
    }

    private static async Task ConnectAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
    }
}
