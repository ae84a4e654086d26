using System.Globalization;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Options;
using Presence.Core.TableStorage;

namespace Presence.Tests.Infra;

/// <summary>What docs/costs.md says of events is what rows as they are written take, for as long as they are kept.</summary>
public sealed class EventCostTests
{
    private static readonly double[] Sizes = [1_000, 10_000, 100_000];

    private static readonly PresenceKey User = PresenceKey.Registered("3f2504e0-4f89-11d3-9a0c-0305e82c3301");

    private readonly CostDocument _document = CostDocument.Read();

    [Fact]
    public void WhatTheyCostIsWhatTheirRowsTake()
    {
        var (model, constants) = (new CostModel(_document.Constants), _document.Constants);

        _document.MustSay("## Events", Sizes.Select(users =>
        {
            var (stored, removal) = (model.EventBytes(users) / 1e9, (model.Events(users) * ((1 / 1_000.0) + (1 / 100.0))) + (constants["shards"] / constants["censusEvery"]));
            return string.Join(
                " | ",
                Whole(users),
                (model.Events(users) * 86_400 / users).ToString("0", CultureInfo.InvariantCulture),
                model.Events(users).ToString("0.0", CultureInfo.InvariantCulture),
                stored.ToString("0.0", CultureInfo.InvariantCulture),
                Dollars(stored * constants["storedPrice"]),
                removal.ToString("0.00", CultureInfo.InvariantCulture),
                Dollars(removal * constants["month"] / 10_000 * constants["tablePrice"]));
        }));
    }

    [Fact]
    public void TheyAreKeptAsLongAsTheSettingsSay() =>
        Assert.Equal(EventTimes.KeptFor(new PresenceOptions()).TotalDays, _document.Constants["eventDays"], 0.005);

    /// <summary>Those of a session: it comes, half the time goes away and comes back, and leaves; in one conversation.</summary>
    [Fact]
    public void ARowTakesSoMuch()
    {
        var start = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var rows = new[] { PresenceStatus.Online, PresenceStatus.Away, PresenceStatus.Offline }.Select(status =>
        {
            var view = new PresenceView
            {
                UserId = User.ToString(), IsAnonymous = false, Status = status, Availability = AvailabilityName.Implied(status), LastActiveAt = start,
                LastSeenAt = status == PresenceStatus.Offline ? start : null, Version = 1_893_499_200_000,
            };
            return new UserEvent(UserEventKind.Status, User, view.Version, start) { View = view, Conversations = ["team-1"] }.ToEntity("s0a", start, start);
        });

        Assert.Equal(rows.Average(BytesOf), _document.Constants["eventBytes"], 5.0);
    }

    /// <summary>"Azure Storage: Understanding the billing of tables", as for history.</summary>
    private static double BytesOf(TableEntity row) => 4 + (2 * (row.PartitionKey.Length + row.RowKey.Length)) + row
        .Where(column => column.Value is not null && column.Key is not (nameof(ITableEntity.PartitionKey) or nameof(ITableEntity.RowKey)))
        .Sum(column => 8 + (2 * column.Key.Length) + (column.Value is string text ? 4 + (2 * text.Length) : sizeof(long)));

    private static string Dollars(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
