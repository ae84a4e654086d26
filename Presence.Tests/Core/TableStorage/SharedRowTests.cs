using Azure.Data.Tables;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What holds for the rows that all instances share: of the budget, of the truth.</summary>
public sealed class SharedRowTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private const string RowKey = "shared";

    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ARetryThatMeetsItsOwnFirstWriteHasKeptIt()
    {
        var instance = await OpenAsync();
        LoseOneAnswer();
        Assert.True(await TryKeepAsync(instance, tag: null));

        LoseOneAnswer();
        Assert.True(await TryKeepAsync(instance, await TagAsync(instance)));
    }

    [Fact]
    public async Task WhatAnotherInstanceHasWrittenIsNotItsOwnEvenIfItIsTheSame()
    {
        var (one, other) = (await OpenAsync(), Create());
        Assert.True(await TryKeepAsync(other, tag: null));
        Assert.False(await TryKeepAsync(one, tag: null));

        var tag = await TagAsync(one);
        Assert.True(await TryKeepAsync(other, tag));
        Assert.False(await TryKeepAsync(one, tag));

        await Table.DeleteEntityAsync(TableKeys.MetaPartition, RowKey, cancellationToken: Cancellation);
        Assert.False(await TryKeepAsync(one, tag));
    }

    [Fact]
    public async Task ARowOfAnOlderVersionIsNobodysAndIsReplaced()
    {
        var instance = await OpenAsync();
        Assert.True(await TryKeepAsync(instance, tag: null));
        var old = (await Table.GetEntityAsync<TableEntity>(TableKeys.MetaPartition, RowKey, cancellationToken: Cancellation)).Value;
        old.Remove("WriteId");
        await Table.UpdateEntityAsync(old, Azure.ETag.All, TableUpdateMode.Replace, Cancellation);

        Assert.False(await TryKeepAsync(instance, tag: null));
        Assert.True(await TryKeepAsync(instance, await TagAsync(instance)));
    }

    [Fact]
    public async Task ItIsLookedAtAgainOnlyAfterAConflict()
    {
        var instance = await OpenAsync();
        _transport.Requests.Clear();

        await TryKeepAsync(instance, tag: null);
        Assert.Single(_transport.Requests);

        await TryKeepAsync(instance, tag: null);
        Assert.Equal(1 + 2, _transport.Requests.Count);
    }

    private static Task<bool> TryKeepAsync(Instance instance, string? tag) => instance.Get<SharedRow>().TryKeepAsync(
        new TableEntity(TableKeys.MetaPartition, RowKey) { ["Text"] = "the same" }, tag, Cancellation);

    private static async Task<string> TagAsync(Instance instance) =>
        (await instance.Get<SharedRow>().FindAsync(RowKey, row => row.GetString("Text"), Cancellation))!.Value.Tag;

    private async Task<Instance> OpenAsync()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        return instance;
    }

    private void LoseOneAnswer()
    {
        var lost = 0;
        _transport.OnResponse = (request, _) =>
        {
            if (FaultyTransport.IsWrite(request) && lost++ == 0)
            {
                throw FaultyTransport.Lost();
            }
        };
    }
}
