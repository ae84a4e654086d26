namespace Presence.Chaos.Processes;

/// <summary>The local hosts, by number. Each can be killed, started anew and made to stand still.</summary>
internal sealed class Fleet : IDisposable
{
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly TextWriter[] _logs;
    private readonly HostProcess?[] _hosts;
    private readonly Lock _gate = new();
    private bool _isOver;

    public Fleet(int count, IReadOnlyDictionary<string, string> settings, string? logs)
    {
        _settings = settings;
        _hosts = new HostProcess?[count];
        _logs = [.. Enumerable.Range(0, count).Select(number => Log(logs, number))];
    }

    public int Count => _hosts.Length;

    public int Running => Read(hosts => hosts.Count(host => host is not null));

    /// <summary>Those that run, or stand still, in an order of chance.</summary>
    public IEnumerable<Uri> Addresses()
    {
        var running = Read(hosts => hosts.OfType<HostProcess>().Select(host => host.Address).ToArray());
        Random.Shared.Shuffle(running);
        return running;
    }

    /// <summary>The host of that number; null while it does not run.</summary>
    public HostProcess? HostOf(int number) => Read(hosts => hosts[number]);

    public bool IsRunning(int number) => Read(hosts => hosts[number] is not null);

    public async Task StartAsync(int number, CancellationToken cancellationToken)
    {
        var host = await HostProcess.StartAsync(_settings, _logs[number], cancellationToken);
        lock (_gate)
        {
            if (!_isOver)
            {
                _hosts[number] = host;
                return;
            }
        }

        host.Dispose();
    }

    public Task StartAllAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, Count)
        .Where(number => !IsRunning(number)).Select(number => StartAsync(number, cancellationToken)));

    public void Kill(int number)
    {
        HostProcess? killed;
        lock (_gate)
        {
            (killed, _hosts[number]) = (_hosts[number], null);
        }

        killed?.Dispose();
    }

    public void Pause(int number) => Read(hosts => hosts[number])?.Pause();

    public void Resume(int number) => Read(hosts => hosts[number])?.Resume();

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        for (var number = 0; number < Count; number++)
        {
            Kill(number);
            _logs[number].Dispose();
        }
    }

    private static TextWriter Log(string? directory, int number)
    {
        if (directory is null)
        {
            return TextWriter.Null;
        }

        Directory.CreateDirectory(directory);
        return TextWriter.Synchronized(new StreamWriter(Path.Combine(directory, $"host-{number}.log")) { AutoFlush = true });
    }

    private T Read<T>(Func<HostProcess?[], T> read)
    {
        lock (_gate)
        {
            return read(_hosts);
        }
    }
}
