using System.Text.Json.Nodes;

namespace Presence.Tests.Infra;

public class DashboardTests(CompiledInfra infra)
{
    [Fact]
    public void TheWorkbookIsDeployedOnTheWorkspaceOfTheTelemetry()
    {
        var workspace = infra.Snapshot.Only("Microsoft.OperationalInsights/workspaces")["id"]!.GetValue<string>();
        var workbook = infra.Snapshot.Properties("Microsoft.Insights/workbooks");
        var source = JsonNode.Parse(File.ReadAllText(Path.Combine(Bicep.InfraPath, "dashboards", "workbook.json")))!;

        source["fallbackResourceIds"] = new JsonArray(workspace);
        Assert.Equal(workspace, workbook["sourceId"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(source, JsonNode.Parse(workbook["serializedData"]!.GetValue<string>())));
        Assert.Equal(
            workspace,
            infra.Snapshot.Properties("Microsoft.Insights/components")["WorkspaceResourceId"]!.GetValue<string>());
    }
}
