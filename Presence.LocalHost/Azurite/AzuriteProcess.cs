using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Azurite;

/// <summary>The Azurite process. It lives while its standard input is open, which is at most as long as this process lives.</summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    private const string Ready = "successfully started";
    private const string ListensOn = "azurite listens on port ";
    private const string Refuses = "azurite refuses for ";
    private const string PortInUse = "EADDRINUSE";

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _errors = [];
    private int _port;
    private TaskCompletionSource? _refusing;

    private AzuriteProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => ReadError(line.Data);
    }

    public int Port => _port;

    public int Id => _process.Id;

    /// <summary>Starts the process and waits until it serves tables.</summary>
    /// <exception cref="PortInUseException">Another program has the port.</exception>
    /// <exception cref="LocalHostStartException">It ended or did not become ready in time.</exception>
    public static async Task<AzuriteProcess> StartAsync(ProcessStartInfo start, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var azurite = new AzuriteProcess(start);
        azurite.Start();
        try
        {
            azurite._process.BeginOutputReadLine();
            azurite._process.BeginErrorReadLine();
            azurite._port = await azurite.ReadyAsync(timeout, cancellationToken);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets it reset every connection for a while, or no more, and waits until it does. One at a time.</summary>
    public async Task RefuseAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var done = _refusing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process.StandardInput.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"refuse {(long)duration.TotalMilliseconds}").AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        await done.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.StandardInput.Close();
                using var timeout = new CancellationTokenSource(StopTimeout, TimeProvider.System);
                await _process.WaitForExitAsync(timeout.Token);
            }
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (IOException)
        {
            // It ended by itself just now, and took the pipe with it.
        }
        finally
        {
            _process.Dispose();
        }
    }

    private void Start()
    {
        try
        {
            _process.Start();
        }
        catch (Win32Exception failure)
        {
            _process.Dispose();
            throw new LocalHostStartException($"Azurite cannot be started by {_process.StartInfo.FileName}: {failure.Message}", failure);
        }
    }

    private async Task<int> ReadyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await _ready.Task.WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new LocalHostStartException($"Azurite did not start within {timeout.TotalSeconds:0} s ({LastError()}).");
        }
    }

    private void Read(string? line)
    {
        if (line?.StartsWith(ListensOn, StringComparison.Ordinal) == true)
        {
            _port = int.Parse(line.AsSpan(ListensOn.Length), CultureInfo.InvariantCulture);
        }
        else if (line?.StartsWith(Refuses, StringComparison.Ordinal) == true)
        {
            _refusing?.TrySetResult();
        }
        else if (line?.Contains(Ready, StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult(_port);
        }
    }

    private void ReadError(string? line)
    {
        if (line is null)
        {
            // The end of the errors is the end of the process.
            _ready.TrySetException(Failure());
            return;
        }

        lock (_errors)
        {
            if (line.Trim() is { Length: > 0 } text)
            {
                _errors.Add(text);
            }
        }
    }

    private Exception Failure()
    {
        lock (_errors)
        {
            return _errors.Exists(line => line.Contains(PortInUse, StringComparison.Ordinal))
                ? new PortInUseException()
                : new LocalHostStartException(
                    $"Azurite ended while it started ({LastError()}). Check that 'node --version' is 20 or later.");
        }
    }

    private string LastError()
    {
        lock (_errors)
        {
            return _errors.Find(line => line.Contains("Error", StringComparison.Ordinal)) ?? _errors.LastOrDefault() ?? "it said nothing";
        }
    }
}
