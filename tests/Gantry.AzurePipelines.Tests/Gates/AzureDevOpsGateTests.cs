using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.AzurePipelines.Tests.Gates;

public sealed class AzureDevOpsGateTests
{
    private static readonly RegistryAddress Registry = RegistryAddress.Parse("contoso.azurecr.io");
    private static readonly Release AnyRelease = new() { Version = "1.4.2", Commit = "0123456789ab", Created = DateTimeOffset.UnixEpoch, Images = [] };

    public static TheoryData<string, Gate> Faults => new()
    {
        { "a function behind plain HTTP", Gate.FunctionCheck("smoke", new("http://contoso.azurewebsites.net/api/smoke")) },
        { "a key in an address", Gate.FunctionCheck("smoke", new("https://contoso.azurewebsites.net/api/smoke?code=1")) },
        { "a check that asks too often", Gate.RestCheck("smoke", "connection", "/health") with { RetryInterval = TimeSpan.FromMinutes(1) } },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void An_invalid_gate_irefused(string fault, Gate gate)
    {
        var error = Assert.Throws<GantryException>(() => EnvironmentSet.Create([new("dev") { Gates = [gate] }]));
        Assert.True(error.Code == "GAN5001", $"{fault}: {error.Message}");
    }

    [Fact]
    public void Azure_DevOpanswerfor_itgateand_for_approvaland_for_no_others() => Assert.Equal(
        [GateVerdict.Service, GateVerdict.Service, GateVerdict.Service, null],
        new PromotionPlan
        {
            Request = new() { Release = AnyRelease, Base = Registry, Targets = PromotionTarget.Of(new("dev"), Registry) },
            Images = [],
            Gates = [new(Gate.ExclusiveLock()), new(Gate.Approval("QA")), new(Gate.OnlyBranches("main")), new(new OwnGate())],
        }.DelegateGatesTo("Azure Pipelines").Gates.Select(gate => gate.Verdict));

    private sealed record OwnGate : Gate
    {
        public override string Description => "own";
    }
}
