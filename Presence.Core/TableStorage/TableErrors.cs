using System.Text.Json;
using Azure;
using Azure.Data.Tables.Models;

namespace Presence.Core.TableStorage;

/// <summary>What an error of the Table service means to us.</summary>
internal static class TableErrors
{
    /// <summary>A condition of ours did not hold: another ETag, a row that exists, a row that is gone.</summary>
    public static bool IsConflict(this RequestFailedException error) =>
        error.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied
        || error.ErrorCode == TableErrorCode.EntityAlreadyExists
        || error.IsMissingRow()
        || error.Status == 412;

    public static bool IsMissingRow(this RequestFailedException error) =>
        error.ErrorCode == TableErrorCode.ResourceNotFound || error.ErrorCode == TableErrorCode.EntityNotFound;

    public static bool IsMissingTable(this RequestFailedException error) => error.ErrorCode == TableErrorCode.TableNotFound;

    /// <summary>
    /// Whether the storage failed us: no answer (status 0), refused (401, 403), overloaded (429, 503), or broken; the table was deleted,
    /// and the service keeps its name for a while before it can be made anew, or does not find it yet just after; or the answer is not
    /// one of the Table service, on which its client breaks in ways of its own. What else the service answers is a mistake of ours and must be seen as one.
    /// </summary>
    public static bool IsOutOfReach(this Exception error) => error switch
    {
        RequestFailedException e when e.ErrorCode == TableErrorCode.TableBeingDeleted || e.IsMissingTable() => true,
        RequestFailedException { Status: < 400 or 401 or 403 or 408 or 429 or >= 500 } => true,
        AggregateException many => many.InnerExceptions.All(IsOutOfReach),
        OperationCanceledException or IOException or HttpRequestException => true,
        JsonException or FormatException or KeyNotFoundException or InvalidOperationException or NullReferenceException => true,
        Azure.Identity.AuthenticationFailedException => true,
        _ => false,
    };
}
