using System.Globalization;
using Presence.Chaos.Network;

namespace Presence.Chaos.Faults;

/// <summary>Has one thing after the other go wrong with the receiver of webhooks, as its seed says, beside all else that does.</summary>
internal sealed class ReceiverMonkey(ActiveFaults faults, Live live, TimeProvider time, int seed)
{
    private static readonly (string Name, ForwardFault Fault)[] All =
    [
        ("the receiver refuses with 503", ForwardFault.Refused),
        ("the receiver is not there", ForwardFault.Cut),
        ("the receiver takes what it is sent and its answer is lost", ForwardFault.AnswerLost),
        ("the receiver is slow", new ForwardFault { Pause = TimeSpan.FromSeconds(2) }),
    ];

    private readonly Random _random = new(seed);

    /// <summary>How often something went wrong with it.</summary>
    public int Mishaps { get; private set; }

    /// <summary>Returns at the end of the time given, with the receiver well again.</summary>
    public async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + duration;
        while (time.GetUtcNow() < end)
        {
            await Task.Delay(Seconds(0.5, 3), time, cancellationToken);
            var ((name, fault), percent, length) = (All[_random.Next(All.Length)], _random.Next(30, 101), Seconds(1, 4));
            Mishaps++;
            live.Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {percent} of 100, for {length.TotalSeconds:0.0} s"));
            faults.Receiver = () => faults.Hits(percent) ? fault : null;
            try
            {
                await Task.Delay(length, time, cancellationToken);
            }
            finally
            {
                faults.Receiver = null;
            }
        }
    }

    private TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + (_random.NextDouble() * (most - least)));
}
