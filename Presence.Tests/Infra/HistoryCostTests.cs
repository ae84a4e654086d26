using System.Globalization;
using Azure.Data.Tables;
using Presence.Core.Analytics;
using Presence.Core.Domain;
using Presence.Core.Rules;
using Presence.Core.TableStorage;

namespace Presence.Tests.Infra;

/// <summary>What docs/costs.md says of history is what rows as they are written take, and the requests that removing and summing them up makes.</summary>
public sealed class HistoryCostTests
{
    private const double DaysOfMonth = 730 / 24.0;

    /// <summary>Two of the user, what is owed, the event and the session: <see cref="Core.TableStorage.HistoryCostTests"/> counts them.</summary>
    private const int RowsOfOneWhoLeaves = 5;

    private static readonly PresenceKey User = PresenceKey.Registered("3f2504e0-4f89-11d3-9a0c-0305e82c3301");

    private static readonly int[] SessionsADay = [1, 5, 72, HistoryRules.Slots + 1];

    private readonly CostDocument _document = CostDocument.Read();

    [Fact]
    public void WhatItCostsIsWhatItsRowsTake() => _document.MustSay("## History", SessionsADay.Select(Row));

    /// <summary>"Azure Storage: Understanding the billing of tables": 4 bytes, two for each character of the keys, and for each property 8, two for each character of its name, and its value.</summary>
    [Theory, MemberData(nameof(Counts))]
    public void ARowIsFarFromWhatAnEntityTakes(int sessions) => Assert.InRange(BytesOf(RowOf(sessions)), 100, 1_048_576 / 32);

    public static TheoryData<int> Counts => [.. SessionsADay];

    private string Row(int sessions)
    {
        var bytes = BytesOf(RowOf(sessions));
        var stored = bytes * _document.Constants["historyDays"] / 1e9 * _document.Constants["storedPrice"];

        // Each row is read for the sums of its day and of the week after it, a thousand at once, and removed with 99 others.
        var requests = DaysOfMonth * (((DayFold.LooksBack + 1) / 1_000.0) + (1 / 1_000.0) + (1 / 100.0));

        // Each takes the room of one row in a transaction of a sweep, which holds fewer users for it.
        var more = (1.0 / (RowRemoval.Most / RowsOfOneWhoLeaves)) - (1 / _document.Constants["together"]);
        var asked = (requests + (sessions * DaysOfMonth * more)) / 10_000 * _document.Constants["tablePrice"];
        return string.Join(
            " | ", sessions.ToString(CultureInfo.InvariantCulture), bytes.ToString("N0", CultureInfo.InvariantCulture), more.ToString("0.00", CultureInfo.InvariantCulture),
            requests.ToString("0.0", CultureInfo.InvariantCulture), ((stored + asked) * 1e6).ToString("0.00", CultureInfo.InvariantCulture));
    }

    private static TableEntity RowOf(int sessions)
    {
        var start = HistoryRules.StartOf(new(2030, 1, 1));
        var row = new TableEntity();
        for (var i = 0; i < sessions; i++)
        {
            var session = i == HistoryRules.Slots
                ? new Session(start.AddHours(-9), start.AddSeconds(1))
                : new Session(start + (HistoryRules.SlotLength * (i * HistoryRules.Slots / Math.Min(sessions, HistoryRules.Slots))) + TimeSpan.FromSeconds(2), default);
            var entity = (TableEntity)HistoryRows.Keep("s0a", User, session with { End = session.End == default ? session.Start.AddSeconds(300) : session.End }).Entity;
            foreach (var (name, value) in entity)
            {
                row[name] = value;
            }
        }

        return row;
    }

    private static int BytesOf(TableEntity row) => 4 + (2 * (row.PartitionKey.Length + row.RowKey.Length)) + row
        .Where(column => column.Key is not (nameof(ITableEntity.PartitionKey) or nameof(ITableEntity.RowKey)))
        .Sum(column => 8 + (2 * column.Key.Length) + (column.Value is string text ? 4 + (2 * text.Length) : sizeof(int)));
}
