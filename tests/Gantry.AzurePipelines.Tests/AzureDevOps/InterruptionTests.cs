using CsCheck;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Tests.Generation;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.AzureDevOps;

public class InterruptionTests
{
    private static readonly Gen<PipelineDeclaration> Provisionable = DeclarationGen.Any.Where(declaration => declaration.Environments
        .SelectMany(environment => environment.Environment.Gates)
        .OfType<ApprovalGate>()
        .All(approval => approval.Approvers.Distinct(StringComparer.OrdinalIgnoreCase).Count() == approval.Approvers.Count));

    [Fact]
    public async Task Whatever_is_declared_is_there_after_one_run() => await Provisionable.SampleAsync(async declaration =>
    {
        await using var scene = await Scene.StartAsync(declaration);
        await scene.ProvisionAsync(declaration);

        var second = await scene.PlanAsync(declaration);

        Assert.True(second.ChangesNothing, string.Join('\n', ProvisioningFormatter.Format(second)));
    }, iter: 25, threads: 1);

    [Fact]
    public async Task One_declaration_after_another_is_there_after_one_run() => await Gen.Select(Provisionable, Provisionable).SampleAsync(async (before, after) =>
    {
        await using var scene = await Scene.StartAsync(before);
        scene.Know(after);
        await scene.ProvisionAsync(before);
        await scene.ProvisionAsync(after, prune: true, weaken: "the test wants it");

        var second = await scene.PlanAsync(after, prune: true);

        Assert.True(second.ChangesNothing, string.Join('\n', ProvisioningFormatter.Format(second)));
        await using var fresh = await Scene.StartAsync(after);
        await fresh.ProvisionAsync(after);
        Assert.Equal(ChecksOf(fresh, after), ChecksOf(scene, after));
    }, iter: 12, threads: 1);

    [Fact]
    public async Task A_run_that_ends_anywhere_is_finished_by_the_next()
    {
        var declaration = Samples.Everything;
        await using var whole = await Scene.StartAsync(declaration);
        await whole.ProvisionAsync(declaration);
        var writes = whole.Service.Writes.Count;

        for (var after = 1; after < writes; after += 3)
        {
            await using var scene = await Scene.StartAsync(declaration);
            using var interrupted = new CancellationTokenSource();
            var seen = 0;
            scene.Service.Written = _ =>
            {
                if (Interlocked.Increment(ref seen) == after)
                    interrupted.Cancel();
            };
            var plan = await scene.PlanAsync(declaration);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.ApplyAsync(plan, interrupted.Token));
            Assert.Equal(after, scene.Service.Writes.Count);

            await scene.ProvisionAsync(declaration);

            Assert.Equal(writes, scene.Service.Writes.Count);
            Assert.True((await scene.PlanAsync(declaration)).ChangesNothing);
        }
    }

    private static IEnumerable<string> ChecksOf(Scene scene, PipelineDeclaration declaration) => declaration.Environments
        .Select(environment => $"{environment.AzureEnvironment}: {scene.Project.Environment(environment.AzureEnvironment).Checks.Count}");
}
