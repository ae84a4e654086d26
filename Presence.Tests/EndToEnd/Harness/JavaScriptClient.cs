using System.Diagnostics;
using System.Text.Json;
using Presence.LocalHost.Azurite;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>The official JavaScript client, in a process of its own.</summary>
internal sealed class JavaScriptClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _errors = "";

    private JavaScriptClient(ProcessStartInfo start, string own)
    {
        Inbox = new Inbox(own);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => ReadError(line.Data);
    }

    public Inbox Inbox { get; }

    /// <summary>What was told on connecting.</summary>
    public JsonElement Snapshot { get; private set; }

    /// <summary>Connects and waits for the snapshot.</summary>
    public static async Task<JavaScriptClient> ConnectAsync(User user, string transport = "WebSockets")
    {
        var folder = await JavaScriptInstallation.EnsureAsync("EndToEnd/js");
        var (header, value) = user.Caller.Credentials;
        var client = new JavaScriptClient(new ProcessStartInfo(
            new NodeTools(null).Node, ["client.mjs", new Uri(user.Caller.BaseAddress, "api").AbsoluteUri, transport, header, value])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }, user.Id);
        client._process.Start();
        client._process.BeginOutputReadLine();
        client._process.BeginErrorReadLine();
        await client._connected.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        client.Snapshot = await client.Inbox.SnapshotAsync();
        return client;
    }

    /// <summary>Ends the process at once: it says no goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        var message = JsonElement.Parse(line);
        if (message.GetProperty("event").GetString() is { } target && target != "connected")
        {
            Inbox.Add(target, message.GetProperty("argument"));
        }
        else
        {
            _connected.TrySetResult();
        }
    }

    private void ReadError(string? line)
    {
        if (line is null)
        {
            _connected.TrySetException(new InvalidOperationException($"The client did not connect: {_errors}"));
        }

        _errors += line + "\n";
    }
}
