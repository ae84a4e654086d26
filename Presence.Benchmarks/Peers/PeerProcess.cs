using System.ComponentModel;
using System.Diagnostics;

namespace Presence.Benchmarks.Peers;

/// <summary>A server that runs in a directory of its own for as long as this object lives.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string? _directory;

    private PeerProcess(Process process, string? directory) => (_process, _directory) = (process, directory);

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    /// <param name="directory">Removed in the end; null for none.</param>
    /// <param name="program">What to run.</param>
    /// <param name="arguments">With what.</param>
    /// <exception cref="PeerMissingException">It cannot be started.</exception>
    public static PeerProcess Start(string? directory, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (directory is not null)
        {
            start.WorkingDirectory = directory;
        }

        try
        {
            var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return new(process, directory);
        }
        catch (Win32Exception e)
        {
            throw new PeerMissingException($"{Path.GetFileName(program)} cannot be started: {e.Message}", e);
        }
    }

    /// <summary>Reads on, so that it never waits for somebody who reads.</summary>
    public PeerProcess WithoutOutput()
    {
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        return this;
    }

    /// <summary>Until it answers, or has ended.</summary>
    /// <exception cref="PeerMissingException">It has ended, or does not answer.</exception>
    public async Task ReadyAsync(Func<Task> ask, CancellationToken cancellationToken)
    {
        Exception? last = null;
        for (var tries = 0; tries < 100; tries++)
        {
            if (_process.HasExited)
            {
                throw new PeerMissingException($"{Path.GetFileName(_process.StartInfo.FileName)} ended with {_process.ExitCode} while it started", last);
            }

            try
            {
                await ask();
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                last = e;
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
            }
        }

        throw new PeerMissingException($"{Path.GetFileName(_process.StartInfo.FileName)} does not answer: {last?.Message}", last);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
            using var limit = new CancellationTokenSource(StopWithin, TimeProvider.System);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
        if (_directory is not null)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
