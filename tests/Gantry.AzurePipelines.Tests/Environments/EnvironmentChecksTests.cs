using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Gates;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Environments;

public class EnvironmentChecksTests
{
    // The bodies that the REST API of Azure DevOps accepts, without the values of a declaration.
    public static TheoryData<string, Gate, string> Bodies => new()
    {
        {
            "approval", Gate.Approval("x"),
            """{"type":{"id":"8c6f20a7-a545-4486-9777-f762fafe0d4d","name":"Approval"},"timeout":43200,"settings":{"approvers":[{"id":"{identity:x}"}],"executionOrder":"anyOrder","minRequiredApprovers":1,"requesterCannotBeApprover":true,"instructions":"","blockedApprovers":[],"definitionRef":{"id":"26014962-64a0-49f4-885b-4b874119a5cc"}}}"""
        },
        {
            "branch control", Gate.OnlyBranches("main", "refs/tags/v*") with { RequireProtection = false, AllowUnknownProtection = true },
            """{"type":{"id":"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7","name":"Task Check"},"timeout":1440,"settings":{"displayName":"Branch control","definitionRef":{"id":"86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b","name":"evaluatebranchProtection","version":"0.0.1"},"inputs":{"allowedBranches":"refs/heads/main,refs/tags/v*","ensureProtectionOfBranch":"false","allowUnknownStatusBranch":"true"},"retryInterval":5}}"""
        },
        {
            "business hours",
            Gate.BusinessHours(new(4, 0), new(11, 0)) with { Days = [DayOfWeek.Sunday, DayOfWeek.Monday, DayOfWeek.Monday] },
            """{"type":{"id":"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7","name":"Task Check"},"timeout":1440,"settings":{"displayName":"Business Hours","definitionRef":{"id":"445fde2f-6c39-441c-807f-8a59ff2e075f","name":"evaluateBusinessHours","version":"0.0.1"},"inputs":{"businessDays":"Monday,Sunday","timeZone":"UTC","startTime":"04:00","endTime":"11:00"},"retryInterval":5}}"""
        },
        {
            "exclusive lock", Gate.ExclusiveLock(),
            """{"type":{"id":"2ef31ad6-baa0-403a-8b45-2cbc9b4e5563","name":"ExclusiveLock"},"timeout":43200,"settings":{}}"""
        },
        {
            "required template", Gate.RequiredTemplate("project/repo", "templates/release.yml"),
            """{"type":{"id":"4020e66e-b0f3-47e1-bc88-48f3cc59b5f3","name":"ExtendsCheck"},"settings":{"extendsChecks":[{"repositoryType":"git","repositoryName":"project/repo","repositoryRef":"refs/heads/main","templatePath":"templates/release.yml"}]}}"""
        },
        {
            "REST",
            Gate.RestCheck("gate", "endpoint", "/health") with
            {
                Method = "GET",
                SuccessCriteria = "eq(root['status'],'ok')",
                Timeout = TimeSpan.FromMinutes(50),
                RetryInterval = TimeSpan.FromMinutes(5),
                VariableGroup = "keys",
                Headers = new Dictionary<string, string> { ["b"] = "\"", ["a"] = "$(token)" },
            },
            """{"type":{"id":"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7","name":"Task Check"},"timeout":50,"settings":{"displayName":"gate","definitionRef":{"id":"9c3e8943-130d-4c78-ac63-8af81df62dfb","name":"InvokeRESTAPI","version":"1.220.0"},"inputs":{"connectedServiceNameSelector":"connectedServiceName","connectedServiceName":"{serviceConnection:endpoint}","method":"GET","headers":"{\"a\":\"$(token)\",\"b\":\"\\u0022\"}","body":"","urlSuffix":"/health","waitForCompletion":"false","successCriteria":"eq(root['status'],'ok')"},"retryInterval":5,"linkedVariableGroup":"keys"}}"""
        },
        {
            "function",
            Gate.FunctionCheck("function gate", new("https://x.azurewebsites.net/api/y")) with
            {
                WaitForCallback = true,
                KeyVariable = "key",
            },
            """{"type":{"id":"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7","name":"Task Check"},"timeout":1440,"settings":{"displayName":"function gate","definitionRef":{"id":"537fdb7a-a601-4537-aa70-92645a2b5ce4","name":"AzureFunction","version":"1.*"},"inputs":{"function":"https://x.azurewebsites.net/api/y","key":"$(key)","method":"POST","headers":"{}","body":"","waitForCompletion":"true"},"retryInterval":0}}"""
        },
        {
            "alerts",
            Gate.NoAlerts("endpoint", "rg") with
            {
                RetryInterval = TimeSpan.FromHours(3),
                TimeRange = AlertTimeRange.Week,
                Severities = [1, 0],
            },
            """{"type":{"id":"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7","name":"Task Check"},"timeout":1440,"settings":{"displayName":"No alerts in rg","definitionRef":{"id":"99a72e7f-25e4-4576-bf38-22a42b995ed8","name":"AzureMonitor","version":"1.157.2"},"inputs":{"connectedServiceNameARM":"{serviceConnection:endpoint}","ResourceGroupName":"rg","filterType":"none","severity":"Sev0,Sev1","timeRange":"7d","alertState":"Acknowledged,New","monitorCondition":"Fired"},"retryInterval":180}}"""
        },
        {
            "work items", Gate.WorkItems(new("11111111-2222-3333-4444-555555555555"), maximum: 3),
            """{"type":{"id":"fe1de3ee-a436-41b4-bb20-f6eb4cb879a7","name":"Task Check"},"timeout":1440,"settings":{"displayName":"Work items","definitionRef":{"id":"f1e4b0e6-017e-4819-8a48-ef19ae96e289","name":"queryWorkItems","version":"0.241.0"},"inputs":{"queryId":"11111111-2222-3333-4444-555555555555","maxThreshold":"3","minThreshold":"0"},"retryInterval":5}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Each_gate_becomes_the_body_of_its_check(string name, Gate gate, string body)
    {
        Assert.NotEmpty(name);
        var check = Checks(gate).Single()!.AsObject();
        Assert.Equal("""{"type":"environment","id":"{environment:prod}","name":"prod"}""", check["resource"]!.ToJsonString());
        check.Remove("resource");
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(body), check),
            check.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    [Fact]
    public void Gates_held_by_the_pipeline_or_the_promotion_are_no_checks() =>
        Assert.Empty(Checks(
            Gate.Soak(TimeSpan.FromHours(1)), Gate.ManualValidation("Look"), Gate.SignedApprovals(1, "anna.pub"),
            Gate.Rebuilt(1, "ben.pub"), Gate.Http("https://contoso.com/may"), Gate.Freeze("UTC", FreezeWindow.Yearly((12, 20), (1, 2), "holidays"))));

    [Theory]
    [InlineData("{identity:[Contoso]\\Release}", "identity", "[Contoso]\\Release")]
    [InlineData("{serviceConnection:a:b}", "serviceConnection", "a:b")]
    [InlineData("{environment:prod}", "environment", "prod")]
    [InlineData("{other:prod}", null, null)]
    [InlineData("8c6f20a7-a545-4486-9777-f762fafe0d4d", null, null)]
    [InlineData("{}", null, null)]
    public void References_are_distinguished_from_values(string text, string? kind, string? name) =>
        Assert.Equal(kind is null ? null : (kind, name!), EnvironmentReferences.Parse(text));

    private static JsonArray Checks(params Gate[] gates)
    {
        var environment = new PipelineEnvironment(new PromotionEnvironment("prod") { Gates = gates }) { Lock = null };
        return JsonNode.Parse(DesiredEnvironments.Of([environment]).ToJson())!["environments"]![0]!["checks"]!.AsArray();
    }
}
