using CsCheck;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.AzurePipelines.Tests.Generation;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Provisioning;

public class InterruptedProvisioningTests
{
    private static readonly Gen<PipelineDeclaration> Provisionable = DeclarationGen.Any
        .Where(declaration => declaration.Environments
            .SelectMany(environment => environment.Environment.Gates)
            .OfType<ApprovalGate>()
            .All(approval => approval.Approvers.Distinct(StringComparer.OrdinalIgnoreCase).Count() == approval.Approvers.Count))
        .Select(WithoutCommits);

    // Commits of generated declarations are to repositories in an organization that is not imitated.
    private static PipelineDeclaration WithoutCommits(PipelineDeclaration declaration) => declaration with
    {
        Environments =
        [
            .. declaration.Environments.Select(environment => environment with
            {
                Environment = environment.Environment with { Deployments = [] },
            }),
        ],
    };

    [Fact]
    public async Task Any_declaration_is_provisioned_in_one_run() => await Provisionable.SampleAsync(async declaration =>
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        await fixture.ProvisionAsync(declaration);

        var second = await fixture.PlanAsync(declaration);

        Assert.True(second.ChangesNothing, string.Join('\n', ProvisioningFormatter.Format(second)));
    }, iter: 25, threads: 1);

    [Fact]
    public async Task A_changed_declaration_is_provisioned_in_one_run() => await Gen.Select(Provisionable, Provisionable)
        .SampleAsync(async (before, after) =>
        {
            await using var fixture = await AzureDevOpsFixture.StartAsync(before);
            fixture.AddNamedResources(after);
            await fixture.ProvisionAsync(before);
            await fixture.ProvisionAsync(after, prune: true, weaken: "the test wants it");

            var second = await fixture.PlanAsync(after, prune: true);

            Assert.True(second.ChangesNothing, string.Join('\n', ProvisioningFormatter.Format(second)));
            await using var fresh = await AzureDevOpsFixture.StartAsync(after);
            await fresh.ProvisionAsync(after);
            Assert.Equal(ChecksOf(fresh, after), ChecksOf(fixture, after));
        }, iter: 12, threads: 1);

    [Fact]
    public async Task A_run_interrupted_anywhere_is_completed_by_the_next()
    {
        var declaration = SampleDeclarations.Everything;
        await using var whole = await AzureDevOpsFixture.StartAsync(declaration);
        await whole.ProvisionAsync(declaration);
        var writes = whole.Service.Writes.Count;

        for (var after = 1; after < writes; after += 3)
        {
            await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
            using var interrupted = new CancellationTokenSource();
            var seen = 0;
            fixture.Service.OnWritten = _ =>
            {
                if (Interlocked.Increment(ref seen) == after)
                    interrupted.Cancel();
            };
            var plan = await fixture.PlanAsync(declaration);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.ApplyAsync(plan, interrupted.Token));
            Assert.Equal(after, fixture.Service.Writes.Count);

            await fixture.ProvisionAsync(declaration);

            Assert.Equal(writes, fixture.Service.Writes.Count);
            Assert.True((await fixture.PlanAsync(declaration)).ChangesNothing);
        }
    }

    private static IEnumerable<string> ChecksOf(AzureDevOpsFixture fixture, PipelineDeclaration declaration) => declaration.Environments
        .Select(environment => $"{environment.AzureEnvironment}: {fixture.Project.Environment(environment.AzureEnvironment).Checks.Count}");
}
