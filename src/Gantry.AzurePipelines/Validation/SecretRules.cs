using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks that secrets can be variables of processes, without replacing one that programs rely on.</summary>
internal static class SecretRules
{
    private const string AccessToken = "SYSTEM_ACCESSTOKEN";

    // Variables that decide which programs run and what they load, and those that the agent itself sets.
    private static readonly string[] Reserved =
        ["PATH", "PATHEXT", "HOME", "USER", "USERPROFILE", "SHELL", "IFS", "ENV", "PWD", "TEMP", "TMP", "TMPDIR", "COMSPEC", "SYSTEMROOT",
            "TF_BUILD", "CI", "NODE_OPTIONS", "BASH_ENV", "PSModulePath"];

    private static readonly string[] ReservedPrefixes =
        ["AGENT_", "BUILD_", "PIPELINE_", "SYSTEM_", "ENDPOINT_", "INPUT_", "SECRET_", "SECUREFILE_", "VSTS_", "LD_", "DYLD_", "DOTNET_",
            "COMPLUS_", "CORECLR_"];

    public static IEnumerable<Diagnostic> Check(PipelineIndex index) =>
        from step in index.Steps
        from secret in step.Step.Secrets
        let reason = Validate(secret)
        where reason is not null
        select PipelineErrors.UnusableSecret(step.Path, secret, reason);

    private static string? Validate(string secret)
    {
        // The token of the run is a variable of the service, which has its place in processes.
        var name = ProcessVariables.NameOf(secret);
        if (name.Equals(AccessToken, PipelineIndex.IgnoreCase))
            return null;
        if (!NameRules.IsIdentifier(name))
            return "the name has other characters than letters, digits, '_' and '-', or begins with a digit";
        return Reserved.Contains(name, StringComparer.OrdinalIgnoreCase)
            || ReservedPrefixes.Any(prefix => name.StartsWith(prefix, PipelineIndex.IgnoreCase))
                ? "programs and the agent rely on the variable of that name"
                : null;
    }
}
