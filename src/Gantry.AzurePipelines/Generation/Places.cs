namespace Gantry.AzurePipelines.Generation;

/// <summary>How places in a declaration are called.</summary>
internal static class Places
{
    public const string Declaration = "Declaration";

    public static string Of(PipelineEnvironment environment) => $"Environments[\"{environment.Environment.Name}\"]";

    public static string OfGate(PipelineEnvironment environment, int gate) => $"{Of(environment)}.Gates[{gate}]";

    public static string OfRegistry(PipelineEnvironment environment, int registry) => $"{Of(environment)}.Registries[{registry}]";
}
