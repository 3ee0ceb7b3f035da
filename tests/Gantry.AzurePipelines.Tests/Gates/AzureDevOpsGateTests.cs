using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Gates;

public sealed class AzureDevOpsGateTests
{
    public static TheoryData<string, Gate> Faults => new()
    {
        { "a function behind plain HTTP", Gate.FunctionCheck("smoke", new("http://contoso.azurewebsites.net/api/smoke")) },
        { "a key in an address", Gate.FunctionCheck("smoke", new("https://contoso.azurewebsites.net/api/smoke?code=1")) },
        {
            "a check that asks too often", Gate.RestCheck("smoke", "connection", "/health") with { RetryInterval = TimeSpan.FromMinutes(1) }
        },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void An_invalid_gate_is_refused(string fault, Gate gate)
    {
        var error = Assert.Throws<GantryException>(() => EnvironmentSet.Create([new("dev") { Gates = [gate] }]));
        Assert.True(error.Code == "GAN5001", $"{fault}: {error.Message}");
    }

    [Fact]
    public void Azure_DevOps_answers_for_its_gates_and_for_approvals_and_for_no_others() => Assert.Equal(
        [false, false, false, true, true],
        new Gate[] { Gate.ExclusiveLock(), Gate.Approval("QA"), Gate.OnlyBranches("main"), Gate.Soak(TimeSpan.FromHours(1)), new OwnGate() }
            .Select(gate => gate.IsEvaluatedByPromotion));

    private sealed record OwnGate : Gate
    {
        public override string Description => "own";
    }
}
