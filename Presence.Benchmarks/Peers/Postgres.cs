using System.Diagnostics;
using Npgsql;

namespace Presence.Benchmarks.Peers;

/// <summary>A PostgreSQL of its own, as it comes but for where it is.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql/*/bin";
    private const string User = "bench";

    private readonly PeerProcess _process;

    private Postgres(PeerProcess process, string connectionString) => (_process, ConnectionString) = (process, connectionString);

    public string ConnectionString { get; }

    /// <summary>Of the process that starts one for each connection.</summary>
    public int ProcessId => _process.Id;

    /// <exception cref="PeerMissingException">It is not to be had here.</exception>
    public static async Task<Postgres> StartAsync(CancellationToken cancellationToken)
    {
        var initdb = await DebianPackage.FindAsync("initdb", Programs, "postgresql", cancellationToken);
        var programs = Path.GetDirectoryName(initdb)!;
        var (port, directory) = (FreePort.Take(), Directory.CreateTempSubdirectory("presence-postgres").FullName);
        await RunAsync("chown", ["postgres", directory], onlyAsRoot: true, cancellationToken);
        var data = Path.Combine(directory, "data");
        string[] make = [initdb, "--pgdata", data, "--username", User, "--auth", "trust", "--no-sync"];
        var (program, arguments) = AsPostgres(make);
        await RunAsync(program, arguments, onlyAsRoot: false, cancellationToken);
        (program, arguments) = AsPostgres(
        [
            Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        ]);
        var process = PeerProcess.Start(directory, program, arguments).WithoutOutput();
        try
        {
            var connectionString = $"Host=127.0.0.1;Port={port};Username={User};Database=postgres;Maximum Pool Size=64";
            await process.ReadyAsync(
                async () =>
                {
                    await using var source = NpgsqlDataSource.Create(connectionString);
                    await using var ask = source.CreateCommand("select 1");
                    await ask.ExecuteScalarAsync(cancellationToken);
                },
                cancellationToken);
            return new(process, connectionString);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>It refuses to run as root. The program that changes the user becomes the one it starts, so that its id is the server's.</summary>
    private static (string Program, string[] Arguments) AsPostgres(string[] command) => Environment.IsPrivilegedProcess
        ? ("setpriv", ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--", .. command])
        : (command[0], command[1..]);

    private static async Task RunAsync(string program, string[] arguments, bool onlyAsRoot, CancellationToken cancellationToken)
    {
        if (onlyAsRoot && !Environment.IsPrivilegedProcess)
        {
            return;
        }

        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = run.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await run.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await run.WaitForExitAsync(cancellationToken);
        if (run.ExitCode != 0)
        {
            throw new PeerMissingException($"{Path.GetFileName(program)} ended with {run.ExitCode}: {errors.Trim()}");
        }
    }
}
