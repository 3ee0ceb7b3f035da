using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Promotion.Runs;

namespace Gantry.Nuke.Tests.Promoting;

public sealed class GateKeeperTests
{
    private static readonly PromotionEnvironment Prod = new("prod") { DisplayName = "production", Gates = [Gate.Approval("QA")] };

    [Fact]
    public async Task A_person_is_asked_and_the_approval_is_recorded()
    {
        var question = new ScriptedPrompt(answer: true);

        var plan = await new GateKeeper(question).DecideAsync(await SamplePlans.ForAsync(Prod), CancellationToken.None);

        Assert.Equal(["Your answer alone replaces an approval of QA.", "Promote 1.0.0 to production?"], question.Asked);
        Assert.Equal(
            (false, GateVerdict.Approved, "said yes at the terminal"),
            (plan.AwaitsDecision, plan.Gates[0].Verdict, plan.Gates[0].Reason));
    }

    [Fact]
    public async Task One_person_is_told_and_recorded_to_replace_several_approvals()
    {
        var question = new ScriptedPrompt(answer: true);
        var prod = Prod with { Gates = [Gate.Approval(@"[Contoso]\Release", minimum: 2), Gate.Approval(["QA", "Ops"])] };

        var plan = await new GateKeeper(question).DecideAsync(await SamplePlans.ForAsync(prod), CancellationToken.None);

        Assert.Equal(
            [
                @"Your answer alone replaces 2 approvals of [Contoso]\Release.", "Your answer alone replaces an approval of QA or Ops.",
                "Promote 1.0.0 to production?",
            ],
            question.Asked);
        var by = plan.Request.By.Name;
        Assert.Equal(
            [$@"{by} alone, instead of 2 approvals of [Contoso]\Release", $"{by} alone, instead of an approval of QA or Ops"],
            plan.Gates.Select(gate => gate.Finding));
    }

    [Fact]
    public async Task A_claim_that_no_service_confirmed_is_its_own_error()
    {
        var unconfirmed = new GantryException("GAN4060", "it claims", "map the token");

        var error = await Assert.ThrowsAsync<GantryException>(async () =>
            await new GateKeeper(new ScriptedPrompt(answer: null)) { Unconfirmed = unconfirmed }.DecideAsync(
                await SamplePlans.ForAsync(Prod), CancellationToken.None));

        Assert.Same(unconfirmed, error);
    }

    [Fact]
    public async Task Another_answer_refuses_the_promotion() =>
        Assert.Equal(
            "GAN5006",
            (await Assert.ThrowsAsync<GantryException>(async () => await new GateKeeper(new ScriptedPrompt(answer: false)).DecideAsync(
                await SamplePlans.ForAsync(Prod), CancellationToken.None))).Code);

    [Fact]
    public async Task Without_a_terminal_no_confirmation_is_requested()
    {
        var question = new ScriptedPrompt(answer: null);

        var error = await Assert.ThrowsAsync<GantryException>(async () =>
            await new GateKeeper(question).DecideAsync(await SamplePlans.ForAsync(Prod), CancellationToken.None));

        Assert.Equal("GAN5005", error.Code);
        Assert.Empty(question.Asked);
    }

    [Fact]
    public async Task An_approval_on_the_command_line_is_recorded()
    {
        var question = new ScriptedPrompt(answer: false);

        var plan = await new GateKeeper(question) { Approval = "tested by hand" }.DecideAsync(
            await SamplePlans.ForAsync(Prod), CancellationToken.None);

        Assert.Empty(question.Asked);
        Assert.Equal((GateVerdict.Approved, "tested by hand"), (plan.Gates[0].Verdict, plan.Gates[0].Reason));
    }

    [Fact]
    public async Task A_service_that_evaluates_gates_decides()
    {
        var question = new ScriptedPrompt(answer: false);

        var plan = await new GateKeeper(question) { Service = "Azure Pipelines, environment prod" }.DecideAsync(
            await SamplePlans.ForAsync(Prod), CancellationToken.None);

        Assert.Empty(question.Asked);
        Assert.Equal((GateVerdict.Service, "Azure Pipelines, environment prod"), (plan.Gates[0].Verdict, plan.Gates[0].Finding));
    }

    // No day of the week.
    private static readonly Gate NeverOpen = Gate.BusinessHours(new(3, 0), new(3, 0), "UTC") with { Days = [] };

    [Fact]
    public async Task A_service_does_not_answer_for_a_gate_that_does_not_hold()
    {
        var prod = Prod with { Gates = [Gate.Approval("QA"), NeverOpen, Gate.OnlyBranches("main")] };
        var keeper = new GateKeeper(new ScriptedPrompt(answer: null)) { Service = "Azure Pipelines, environment prod" };
        var plan = await SamplePlans.ForAsync(prod);

        var error = await Assert.ThrowsAsync<GantryException>(() => keeper.DecideAsync(plan, CancellationToken.None));

        Assert.Equal("GAN5009", error.Code);
        Assert.Contains($"the gate '{NeverOpen.Description}' does not hold: it is ", error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("QA", error.Problem, StringComparison.Ordinal);
        Assert.Contains("--approve \"reason\"", error.Remedy, StringComparison.Ordinal);

        // A reason is recorded with the finding. What the service holds stays the service's.
        var decided = (await new GateKeeper(new ScriptedPrompt(answer: null)) { Service = keeper.Service, Approval = "the shop is down" }
            .DecideAsync(plan, CancellationToken.None)).Gates;
        Assert.Equal([GateVerdict.Service, GateVerdict.Approved, GateVerdict.Service], decided.Select(gate => gate.Verdict));
        Assert.Equal("the shop is down", decided[1].Reason);
        Assert.StartsWith("does not hold: it is ", decided[1].Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_saw_that_a_gate_does_not_hold_may_say_yes_and_the_record_keeps_the_finding()
    {
        var plan = await SamplePlans.ForAsync(Prod with { Gates = [NeverOpen] });

        var gate = Assert.Single((await new GateKeeper(new ScriptedPrompt(answer: true)).DecideAsync(plan, CancellationToken.None)).Gates);

        Assert.Equal((GateVerdict.Approved, "said yes at the terminal"), (gate.Verdict, gate.Reason));
        Assert.StartsWith("does not hold: it is ", gate.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_gates_or_changes_no_confirmation_is_requested()
    {
        var keeper = new GateKeeper(new ScriptedPrompt(answer: null));

        Assert.False((await keeper.DecideAsync(await SamplePlans.ForAsync(new("dev")), CancellationToken.None)).IsDecided);
        Assert.False((await keeper.DecideAsync(await SamplePlans.ForAsync(Prod, isThere: true), CancellationToken.None)).IsDecided);
    }

    private sealed class ScriptedPrompt(bool? answer) : IConfirmationPrompt
    {
        public List<string> Asked { get; } = [];

        public bool IsInteractive => answer is not null;

        public Task<bool> ConfirmAsync(
            IReadOnlyList<string> consequences, string question, CancellationToken cancellationToken)
        {
            Asked.AddRange([.. consequences, question]);
            return Task.FromResult(answer == true);
        }
    }
}
