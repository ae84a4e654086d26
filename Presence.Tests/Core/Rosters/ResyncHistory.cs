using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

/// <summary>Users come, go, join, leave and choose, and clients hear a part of it.</summary>
internal sealed class ResyncHistory(Instance instance, FakeTimeProvider clock, Random random)
{
    private readonly PresenceKey[] _users = Users(12);
    private readonly ResyncClient[] _clients =
    [
        .. new[] { Conversation, Conversation, "lobby" }.Select(conversation =>
            new ResyncClient(conversation, () => instance.Rosters.ReadFreshAsync(conversation, TestContext.Current.CancellationToken))),
    ];

    private int _heard;

    /// <summary>How many answers named those who changed alone, all, and that there is nothing.</summary>
    public (int Changed, int All, int Nothing) Answers => (_clients.Sum(c => c.Answers.Changed), _clients.Sum(c => c.Answers.All), _clients.Sum(c => c.Answers.Nothing));

    /// <summary>Runs it, and asserts whenever a client has asked that it shows what whoever reads the whole roster does.</summary>
    public async Task RunAsync(int rounds)
    {
        foreach (var user in _users[..8])
        {
            await instance.ApplyAsync(user, new Joined(Conversation));
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                await ChangeAsync();
            }

            Hear();
            var client = _clients[random.Next(_clients.Length)];
            if (random.Next(3) == 0)
            {
                await client.AskAsync(random.Next(1, 6), ChangeAsync);
                Hear();
            }

            await client.AskAsync(random.Next(1, 20), () => Task.CompletedTask);
            var whole = await instance.Rosters.ReadFreshAsync(client.ConversationId, TestContext.Current.CancellationToken);
            Assert.Equal(whole.Members, client.Shown);
        }
    }

    private async Task ChangeAsync()
    {
        clock.Advance(Seconds(random.Next(10) == 0 ? random.Next(400) : random.NextDouble() * 8));
        var (user, now) = (_users[random.Next(_users.Length)], clock.GetUtcNow());
        PresenceEvent happened = random.Next(8) switch
        {
            0 => new Joined(Conversation),
            1 => new Left(Conversation),
            2 or 3 => new Activity(now),
            4 => new SignedOut(),
            5 => new Due(),
            _ => new Chosen(ChoiceSource.User, random.Next(4) == 0 ? null : new(ChosenAvailability.Busy, $"text {random.Next(3)}")),
        };
        await instance.ApplyAsync(user, happened);
        if (random.Next(10) == 0)
        {
            await instance.Store.CleanRostersAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Of each message a client hears or loses, by chance.</summary>
    private void Hear()
    {
        var sent = instance.Realtime.Sent.Where(m => m.Group is not null).ToList();
        foreach (var message in sent.Skip(_heard))
        {
            foreach (var client in _clients.Where(c => GroupName.Conversation(c.ConversationId) == message.Group && random.Next(2) == 0))
            {
                foreach (var view in message.Views)
                {
                    client.Hear(view);
                }
            }
        }

        _heard = sent.Count;
    }
}
