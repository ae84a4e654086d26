namespace Presence.Tests.Infra;

/// <summary>
/// The tables of Log Analytics into which Application Insights writes, with the types that the reference of Azure Monitor Logs gives their
/// columns.
/// </summary>
internal static class LogTables
{
    private const string Common =
        "AppRoleInstance: string, AppRoleName: string, AppVersion: string, _BilledSize: real, ClientBrowser: string, ClientCity: string, "
        + "ClientCountryOrRegion: string, ClientIP: string, ClientModel: string, ClientOS: string, ClientStateOrProvince: string, "
        + "ClientType: string, IKey: string, _IsBillable: string, ItemCount: int, OperationId: string, OperationName: string, ParentId: string, "
        + "Properties: dynamic, ResourceGUID: string, _ResourceId: string, SDKVersion: string, SessionId: string, SourceSystem: string, "
        + "_SubscriptionId: string, SyntheticSource: string, TenantId: string, TimeGenerated: datetime, Type: string, UserAccountId: string, "
        + "UserAuthenticatedId: string, UserId: string";

    public static IReadOnlyDictionary<string, string> Columns { get; } = new Dictionary<string, string>
    {
        ["AppMetrics"] = $"{Common}, Max: real, Min: real, Name: string, Sum: real",
        ["AppRequests"] = $"{Common}, DurationMs: real, Id: string, Measurements: dynamic, Name: string, ReferencedItemId: string, "
            + "ReferencedType: string, ResultCode: string, Source: string, Success: bool, Url: string",
        ["AppDependencies"] = $"{Common}, Data: string, DependencyType: string, DurationMs: real, Id: string, Measurements: dynamic, "
            + "Name: string, ReferencedItemId: string, ReferencedType: string, ResultCode: string, Success: bool, Target: string",
        ["AppExceptions"] = $"{Common}, Assembly: string, Details: dynamic, ExceptionType: string, HandledAt: string, "
            + "InnermostAssembly: string, InnermostMessage: string, InnermostMethod: string, InnermostType: string, Measurements: dynamic, "
            + "Message: string, Method: string, OuterAssembly: string, OuterMessage: string, OuterMethod: string, OuterType: string, "
            + "ProblemId: string, SeverityLevel: int",
        ["AppTraces"] = $"{Common}, Measurements: dynamic, Message: string, ReferencedItemId: string, ReferencedType: string, SeverityLevel: int",
    };
}
