using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

public class SightEntityTests
{
    [Fact]
    public void ARowOfAnOlderVersionSaysWhatIsSoByDefault()
    {
        var row = new TableEntity("s00", "us:alice");

        Assert.Same(Privacy.Default, row.Privacy());
        Assert.Same(Relations.None, row.Relations());
    }

    [Theory]
    [InlineData("Exactly")]
    [InlineData("exact")]
    [InlineData("7")]
    [InlineData("-1")]
    public void APrecisionThatANewerVersionKnowsCountsAsHidden(string precision)
    {
        var row = new TableEntity("s00", "us:alice") { ["LastSeen"] = precision };

        Assert.Equal(new Privacy(IsHidden: false, LastSeenPrecision.Nobody), row.Privacy());
    }

    [Theory]
    [InlineData(true, LastSeenPrecision.Exact)]
    [InlineData(false, LastSeenPrecision.Coarse)]
    [InlineData(true, LastSeenPrecision.Nobody)]
    public void APrivacyIsReadAsItWasWritten(bool isHidden, LastSeenPrecision precision) =>
        Assert.Equal(new(isHidden, precision), new TableEntity("s00", "us:alice").Set(new Privacy(isHidden, precision)).Privacy());

    [Fact]
    public void WhatIsSoByDefaultTakesNoColumn()
    {
        var row = new TableEntity("s00", "us:alice").Set(Privacy.Default).Set(Relations.None);

        Assert.DoesNotContain(row, column => column is { Key: not ("PartitionKey" or "RowKey"), Value: not null });
    }

    [Fact]
    public void ABlockOfAnOlderVersionIsExact()
    {
        var row = new TableEntity("s00", "us:alice") { ["Blocks"] = """[{"id":"bob","at":1000,"v":7,"of-tomorrow":1},{"id":"anon:guest","v":0}]""" };

        Assert.Equal([new Block(Bob, DateTimeOffset.UnixEpoch + Seconds(1), 7), new Block(Guest, null, 0)], row.Relations().Blocks);
    }

    [Fact]
    public void AsManyRelationsAsThereMayBeFitTheirColumns()
    {
        PresenceKey[] users = [.. Enumerable.Range(100, Relations.MaxUsers).Select(i => PresenceKey.Anonymous(new string('ä', 125) + i))];
        string[] conversations = [.. Enumerable.Range(100, Relations.MaxConversations).Select(i => new string('c', 97) + i)];

        var row = new TableEntity("s00", "us:alice").Set(new Relations
        {
            SeenBy = [.. users], Sees = [.. users], SeenIn = [.. conversations], BlockedConversations = [.. conversations], Guarded = [.. conversations],
            Blocks = [.. users.Select(user => new Block(user, Start, long.MaxValue, IsCoarse: true))],
        });

        // A property holds 32,768 characters, and a row 1 MiB.
        Assert.All(row, column => Assert.True(column.Value is not string text || text.Length <= 32_768, column.Key));
    }
}
