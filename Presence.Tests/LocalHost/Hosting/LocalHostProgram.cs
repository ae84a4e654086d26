using System.Diagnostics;

namespace Presence.Tests.LocalHost.Hosting;

/// <summary>The local host as a program of its own.</summary>
internal sealed class LocalHostProgram : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private LocalHostProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public static LocalHostProgram Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Presence.LocalHost.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new LocalHostProgram(Process.Start(start)!);
    }

    /// <summary>Reads on to a line that contains the text.</summary>
    public async Task<string> LineAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"It ended without '{text}': {await _errors}");
    }

    public async Task<(int ExitCode, string Output, string Errors)> ExitAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, output, await _errors);
    }

    /// <summary>Ends this one process at once, without a chance to clean up.</summary>
    public void Kill() => _process.Kill(entireProcessTree: false);

    /// <summary>Asks it to end, as a service manager does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
