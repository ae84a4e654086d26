using System.Globalization;
using CsCheck;
using Presence.Client.Following;
using Presence.Client.Model;

namespace Presence.Tests.Client.Following;

/// <summary>
/// The specification: whatever is lost, doubled and late, after the follower has asked it shows what the server says. Against a small server: some
/// users in two conversations, some watched; its rosters answer since a version as the real one's do.
/// </summary>
public class LossyNetworkTests
{
    private static readonly Gen<Step[]> Steps = Gen.OneOf(
        Gen.Int[0, 5].Select(user => new Step(What.Toggle, user)),
        Gen.Int[0, 5].Select(user => new Step(What.Toggle, user)),
        Gen.Int[0, 9].Select(message => new Step(What.Deliver, message)),
        Gen.Int[0, 9].Select(message => new Step(What.Deliver, message)),
        Gen.Int[0, 9].Select(message => new Step(What.Lose, message)),
        Gen.Int[0, 1].Select(conversation => new Step(What.AskRoster, conversation)),
        Gen.Const(new Step(What.AskWatches, 0)),
        Gen.Const(new Step(What.Answer, 0)),
        Gen.Const(new Step(What.Connect, 0))).Array[1, 60];

    private enum What
    {
        Toggle,
        Deliver,
        Lose,
        AskRoster,
        AskWatches,
        Answer,
        Connect,
    }

    [Fact]
    public void AfterAskingItShowsWhatTheServerSays() => Steps.Sample(
        steps =>
        {
            var world = new World();
            foreach (var step in steps)
            {
                world.Do(step);
            }

            world.Connect();
            return world.IsRight();
        },
        iter: 5_000);

    private sealed record Step(What What, int Which);

    private sealed class World
    {
        private static readonly string[] Ids = ["a", "b", "c", "d", "e", "f"];
        private static readonly string[][] Members = [["a", "b", "c"], ["c", "d"]];
        private static readonly string[] Watched = ["c", "e", "f"];

        private readonly FollowedPresence _known = new(_ => { });
        private readonly Dictionary<string, PresenceView> _truth = Ids.ToDictionary(id => id, id => new PresenceView { UserId = id });
        private readonly List<PresenceView> _onTheWay = [];
        private readonly Queue<Action> _answers = new();
        private long _clock;

        public World() => Connect();

        public void Do(Step step)
        {
            switch (step.What)
            {
                case What.Toggle:
                    Toggle(Ids[step.Which]);
                    break;
                case What.Deliver when _onTheWay.Count > 0:
                    // Any of them, and it stays: it may come again.
                    _known.Told(_onTheWay[step.Which % _onTheWay.Count]);
                    break;
                case What.Lose when _onTheWay.Count > 0:
                    _onTheWay.RemoveAt(step.Which % _onTheWay.Count);
                    break;
                case What.AskRoster:
                    AskRoster(step.Which);
                    break;
                case What.AskWatches:
                    AskWatches();
                    break;
                case What.Answer when _answers.Count > 0:
                    _answers.Dequeue()();
                    break;
                case What.Connect:
                    Connect();
                    break;
            }
        }

        /// <summary>A new connection: what the old one asked comes to nothing.</summary>
        public void Connect()
        {
            _answers.Clear();
            var asked = _known.Now;
            _known.Snapshot(
                new()
                {
                    Conversations =
                    [
                        .. Members.Select((members, i) => new SnapshotConversation
                        {
                            ConversationId = $"{i}", IsComplete = true, Version = $"{_clock}", Users = [.. members.Select(id => _truth[id]).Where(user => user.IsOnline)],
                        }),
                    ],
                },
                asked);
            AskWatches();
            _answers.Dequeue()();
            _known.Settle(asked);
        }

        public bool IsRight() => Ids.All(id =>
            (_known.Users.GetValueOrDefault(id)?.IsOnline ?? false) == _truth[id].IsOnline
            && (!_truth[id].IsOnline || _known.Users[id].Version == _truth[id].Version));

        private void Toggle(string id)
        {
            var isOnline = !_truth[id].IsOnline;
            _truth[id] = new() { UserId = id, IsOnline = isOnline, Status = isOnline ? "online" : "offline", Version = ++_clock };
            _onTheWay.Add(_truth[id]);
        }

        private void AskRoster(int conversation)
        {
            var (asked, since) = (_known.Now, long.Parse(_known.VersionOf($"{conversation}"), CultureInfo.InvariantCulture));
            var changed = Members[conversation].Select(id => _truth[id]).Where(user => user.Version > since).ToList();
            var page = changed.Count == 0
                ? new RosterPage { ConversationId = $"{conversation}", IsUnchanged = true, Version = $"{since}" }
                : new RosterPage { ConversationId = $"{conversation}", Users = changed, Version = $"{_clock}" };
            _answers.Enqueue(() => _known.Roster($"{conversation}", [page], asked));
        }

        private void AskWatches()
        {
            var (asked, since, now) = (_known.Now, _known.WatchedSince(Watched), $"{_clock}");
            var changed = Watched.Select(id => _truth[id]).Where(user => since is null || user.Version > long.Parse(since, CultureInfo.InvariantCulture)).ToList();
            _answers.Enqueue(() => _known.Watched(Watched, changed, isWhole: true, asked, now));
        }
    }
}
