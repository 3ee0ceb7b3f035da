using Gantry.Environments;
using Gantry.Promotion;

namespace Gantry.Tests.Promotion;

/// <summary>Gates and evaluators that a user of the packages adds.</summary>
public sealed class OwnGateTests
{
    private static readonly PromotionEnvironment Dev = new("dev") { Gates = [new TicketGate("CHG-7"), Gate.Approval("QA")] };

    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task A_gate_that_its_evaluator_holds_is_recorded_by_its_description()
    {
        var request = await RequestAsync();

        var plan = await PlanAsync(
            request, (gate, context) => GateEvaluation.Holds($"{gate.Ticket} allows {context.Request.Release.Version}"));
        await ApplyAsync(plan.DelegateGatesTo("Azure Pipelines, environment dev"));

        Assert.Equal(
            [
                new() { Gate = "ticket CHG-7", Verdict = GateVerdict.Held, Finding = "CHG-7 allows 1.0.0" },
                new RecordedGate { Gate = "approval by QA", Verdict = GateVerdict.Service, Finding = "Azure Pipelines, environment dev" },
            ],
            await RecordedAsync(request));
    }

    [Fact]
    public async Task A_gate_that_does_not_hold_is_passed_by_a_person_only()
    {
        var request = await RequestAsync();

        var plan = await PlanAsync(request, (_, _) => GateEvaluation.DoesNotHold("the ticket is open"));
        var delegated = plan.DelegateGatesTo("Azure Pipelines, environment dev");

        Assert.True(delegated.AwaitsDecision);
        Assert.Equal("GAN5004", (await Assert.ThrowsAsync<GantryException>(() => ApplyAsync(delegated))).Code);
        await ApplyAsync(delegated.Approve("the shop is down"));
        Assert.Equal(
            [
                new()
                {
                    Gate = "ticket CHG-7",
                    Verdict = GateVerdict.Approved,
                    Finding = "does not hold: the ticket is open",
                    Reason = "the shop is down",
                },
                new RecordedGate { Gate = "approval by QA", Verdict = GateVerdict.Service, Finding = "Azure Pipelines, environment dev" },
            ],
            await RecordedAsync(request));
    }

    [Fact]
    public async Task An_error_of_an_evaluator_stops_the_promotion_before_anything_is_written()
    {
        var request = await RequestAsync();

        var error = await Assert.ThrowsAsync<GantryException>(
            () => PlanAsync(request, (_, _) => throw new GantryException("OWN0001", "the ticket is closed", "open another one")));

        Assert.Equal("OWN0001", error.Code);
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    [Fact]
    public async Task A_gate_without_an_evaluator_is_not_passed_by_a_service()
    {
        var plan = (await _fixture.PlanAsync(await RequestAsync())).DelegateGatesTo("Azure Pipelines, environment dev");

        Assert.Equal("GAN5004", (await Assert.ThrowsAsync<GantryException>(() => ApplyAsync(plan))).Code);
    }

    [Fact]
    public async Task An_own_evaluator_comes_before_a_shipped_one()
    {
        var request = (await RequestAsync()).To(new("dev") { Gates = [Gate.BusinessHours(new(0, 0), new(23, 59))] });

        var plan = await new PromotionPlanner(_fixture.Repositories, _fixture.Time) { Evaluators = [new HolidayEvaluator()] }
            .PlanAsync(request, CancellationToken.None);

        Assert.Equal("does not hold: it is a holiday", Assert.Single(plan.Gates).Finding);
    }

    private sealed class HolidayEvaluator : IGateEvaluator
    {
        public bool CanEvaluate(Gate gate) => gate is BusinessHoursGate;

        public Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken) =>
            Task.FromResult(GateEvaluation.DoesNotHold("it is a holiday"));
    }

    private async Task<PromotionRequest> RequestAsync() => _fixture.Request(await _fixture.PublishAsync("1.0.0", "app")).To(Dev);

    private Task<PromotionPlan> PlanAsync(PromotionRequest request, Func<TicketGate, GateContext, GateEvaluation> evaluate) =>
        new PromotionPlanner(_fixture.Repositories, _fixture.Time) { Evaluators = [new TicketEvaluator(evaluate)] }
            .PlanAsync(request, CancellationToken.None);

    private async Task ApplyAsync(PromotionPlan plan) =>
        (await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();

    private async Task<IReadOnlyList<RecordedGate>> RecordedAsync(PromotionRequest request) => Assert.Single(
        await PromotionReferrer.FindAsync(
            _fixture.Dev["app"], request.Release.Images[0].Digest, "dev", region: null, version: null, CancellationToken.None)).Gates;
}
