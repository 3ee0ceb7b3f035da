using Gantry.Environments;

namespace Gantry.AzurePipelines;

/// <content>Declarations that differ from this one.</content>
public sealed partial record PipelineDeclaration
{
    /// <summary>
    /// Gets the declaration with steps, jobs or variables added to a stage:
    /// <c>WithStage("Build", build => build with { StepsBefore = [Step.Script("npm ci")] })</c>.
    /// </summary>
    /// <param name="stage">The name of the stage.</param>
    /// <param name="change">Changes what is added to the stage so far.</param>
    public PipelineDeclaration WithStage(string stage, Func<StageAdditions, StageAdditions> change)
    {
        bool IsMeant(StageAdditions additions) =>
            additions.Job is null && additions.Stage.Equals(stage, StringComparison.OrdinalIgnoreCase);
        var known = Additions.FirstOrDefault(IsMeant) ?? new StageAdditions(stage);
        return this with { Additions = [.. Additions.Where(additions => !IsMeant(additions)), change(known)] };
    }

    /// <summary>
    /// Gets the declaration with one registry changed: <c>WithRegistry("ProdRegistry", prod => prod with { Login = … })</c>. Throws
    /// <c>GAN8089</c> when it has no such registry.
    /// </summary>
    /// <param name="parameter">The parameter of the registry: <c>BaseRegistry</c>, <c>ProdRegistry</c>.</param>
    /// <param name="change">Changes the registry.</param>
    public PipelineDeclaration WithRegistry(string parameter, Func<PipelineRegistry, PipelineRegistry> change)
    {
        PipelineRegistry[] all = [BaseRegistry, .. Environments.SelectMany(environment => environment.Registries)];
        bool IsMeant(PipelineRegistry registry) => registry.Parameter.Equals(parameter, StringComparison.OrdinalIgnoreCase);
        PipelineRegistry Changed(PipelineRegistry registry) => IsMeant(registry) ? change(registry) : registry;
        return !all.Any(IsMeant) ? throw LoginErrors.UnknownRegistry(parameter, all.Select(registry => registry.Parameter)) : this with
        {
            BaseRegistry = Changed(BaseRegistry),
            Environments =
            [
                .. Environments.Select(environment => environment with { Registries = [.. environment.Registries.Select(Changed)] }),
            ],
        };
    }

    /// <summary>
    /// Gets the declaration with stages of a team's own:
    /// <c>WithStages(new OwnStage("SmokeTest") { After = "PromoteTest", Before = "PromoteProd", Jobs = […] })</c>.
    /// </summary>
    public PipelineDeclaration WithStages(params IReadOnlyList<OwnStage> stages) => this with { Stages = [.. Stages, .. stages] };

    /// <summary>Returns the declaration with one environment changed, or throws <c>GAN4008</c> when it has no such environment.</summary>
    public PipelineDeclaration WithEnvironment(PromotionEnvironment environment, Func<PipelineEnvironment, PipelineEnvironment> change)
    {
        var found = EnvironmentSet.Create([.. Environments.Select(declared => declared.Environment)]).Find(environment.Name);
        return this with
        {
            Environments = [.. Environments.Select(declared => declared.Environment == found ? change(declared) : declared)],
        };
    }
}
