using Azure;
using Azure.Data.Tables;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>Puts off duties of one partition, as long as they are as they were found.</summary>
internal static class DutyRows
{
    /// <summary>
    /// Puts off up to <see cref="RowRemoval.Most"/> duties in one request, and one more for each that is gone already. None, where one has
    /// changed since it was found: then another sweep does them.
    /// </summary>
    /// <returns>Those that were put off.</returns>
    public static async Task<IReadOnlyList<StoredDuty>> PutOffAsync(
        TableClient client, string partition, IReadOnlyList<StoredDuty> duties, DateTimeOffset until, CancellationToken cancellationToken)
    {
        List<StoredDuty> left = [.. duties];
        while (left.Count > 0)
        {
            try
            {
                await client.SubmitTransactionAsync(left.Select(duty => Later(partition, duty, until)), cancellationToken);
                break;
            }
            catch (TableTransactionFailedException e) when (e.IsMissingRow() && e.FailedTransactionActionIndex < left.Count)
            {
                left.RemoveAt(e.FailedTransactionActionIndex.Value);
            }
            catch (RequestFailedException e) when (e.IsConflict())
            {
                return [];
            }
        }

        return left;
    }

    /// <summary>The write of one of them.</summary>
    public static TableTransactionAction Later(string partition, StoredDuty duty, DateTimeOffset until) => new(
        TableTransactionActionType.UpdateMerge,
        new TableEntity(partition, TableKeys.Duty(duty.User, duty.Id)) { [UserEntities.DueAt] = until },
        new ETag(duty.Tag ?? throw new ArgumentException("Only duties that were found can be put off.", nameof(duty))));
}
