using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>However long transactions take, what each writes lies at the moment at which it is sent.</summary>
public sealed class UserTransactionsTests
{
    private const string Partition = "s00";

    private readonly FakeTimeProvider _clock = Clock();
    private readonly List<(DateTimeOffset SentAt, IReadOnlyList<DateTimeOffset> Events)> _sent = [];

    [Fact]
    public async Task EventsOfEachTransactionLieWhereThatIsSent()
    {
        var results = await CommitAsync(120, refused: null);

        Assert.All(results, result => Assert.Equal(CommitResult.Made, result));
        Assert.True(_sent.Count > 2);
        Assert.Equal(120, _sent.Sum(one => one.Events.Count));
        Assert.All(_sent, one => Assert.All(one.Events, eventAt => Assert.Equal(one.SentAt, eventAt)));
    }

    [Fact]
    public async Task ThoseOfAFurtherTryLieWhereThatIsSent()
    {
        var results = await CommitAsync(60, refused: 7);

        Assert.Equal(59, results.Count(result => result == CommitResult.Made));
        Assert.All(_sent, one => Assert.All(one.Events, eventAt => Assert.Equal(one.SentAt, eventAt)));
    }

    /// <param name="users">How many.</param>
    /// <param name="refused">Which action of the first transaction is refused.</param>
    private async Task<List<CommitResult>> CommitAsync(int users, int? refused)
    {
        var transactions = new UserTransactions(SubmitAsync, user => ValueTask.FromResult(new StoredUser(user, default, null)), _clock);
        return await transactions.CommitAsync(Partition, [.. Users(users).Select(Change)], TestContext.Current.CancellationToken)
            .Select(known => known.Result).ToListAsync(TestContext.Current.CancellationToken);

        // A minute passes until the answer.
        Task<int?> SubmitAsync(IReadOnlyList<TableTransactionAction> actions)
        {
            _sent.Add((_clock.GetUtcNow(), [.. actions.Where(IsEvent).Select(action => new DateTimeOffset(TableKeys.OfEvent(action.Entity.RowKey).Position.Ticks, TimeSpan.Zero))]));
            _clock.Advance(TimeSpan.FromMinutes(1));
            return Task.FromResult(_sent.Count == 1 ? refused : null);
        }
    }

    private static bool IsEvent(TableTransactionAction action) => action.Entity.RowKey.StartsWith(TableKeys.EventPrefix, StringComparison.Ordinal);

    private static PendingCommit Change(PresenceKey user) =>
        new(new(user, default, null), new(null, new ProfileRecord { Version = 1, WriteId = "mine" }), null) { Event = new(UserEventKind.Erased, user, 1, Start) };
}
