namespace Gantry.AzurePipelines.Generation;

/// <summary>Paths in a declaration, as messages write them.</summary>
internal static class DeclarationPath
{
    public const string Declaration = "Declaration";

    public static string For(PipelineEnvironment environment) => $"Environments[\"{environment.Environment.Name}\"]";

    public static string For(StageAdditions additions) => $"Additions[\"{additions.Stage}\"]";

    public static string For(OwnStage stage) => $"Stages[\"{stage.Name}\"]";

    public static string ForGate(PipelineEnvironment environment, int gate) => $"{For(environment)}.Gates[{gate}]";

    public static string ForDeployment(PipelineEnvironment environment, int deployment) => $"{For(environment)}.Deployments[{deployment}]";

    public static string ForRegistry(PipelineEnvironment environment, int registry) => $"{For(environment)}.Registries[{registry}]";
}
