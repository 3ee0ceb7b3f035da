using Gantry.AzurePipelines;
using Gantry.GitHubActions.Validation;

namespace Gantry.GitHubActions.Generation;

/// <summary>Checks the names of variables and secrets, which GitHub limits.</summary>
internal static class NameRules
{
    public static IEnumerable<Diagnostic> Check(WorkflowDeclaration declaration)
    {
        var pipeline = declaration.Pipeline;
        foreach (var (name, _) in pipeline.Variables.Where(variable => !VariableName.IsValid(variable.Key)))
            yield return DeclarationErrors.UnusableName("Pipeline.Variables", "variable", name);
        var ofCommands = pipeline.Commands.Steps.SelectMany(step => step.Secrets).Concat(pipeline.Commands.PublishSecrets);
        foreach (var secret in ofCommands.Distinct().Where(name => !VariableName.IsValid(name)))
            yield return DeclarationErrors.UnusableName("Pipeline.Commands", "secret", secret);
        foreach (var environment in pipeline.Environments)
        {
            foreach (var secret in environment.Secrets
                .Concat(environment.Environment.DeploymentVariables.Where(name => name != "GITHUB_TOKEN"))
                .Distinct()
                .Where(name => !VariableName.IsValid(name)))
                yield return DeclarationErrors.UnusableName($"Pipeline.Environments[\"{environment.Environment.Name}\"]", "secret", secret);
        }

        for (var i = 0; i < declaration.Logins.Count; i++)
        {
            var login = declaration.Logins[i];
            if (!VariableName.IsValid(login.UserName))
                yield return DeclarationErrors.UnusableName($"Logins[{i}].UserName", "variable", login.UserName);
            if (!VariableName.IsValid(login.Password))
                yield return DeclarationErrors.UnusableName($"Logins[{i}].Password", "secret", login.Password);
        }

        var azure = declaration.Environments
            .SelectMany(environment => environment.RegionAzure.Values.Append(environment.Azure))
            .Prepend(declaration.Azure)
            .OfType<AzureLogin>();
        foreach (var name in azure
            .SelectMany(login => new[] { login.ClientId, login.TenantId, login.SubscriptionId })
            .OfType<string>()
            .Where(name => !VariableName.IsValid(name)))
            yield return DeclarationErrors.UnusableName("Azure", "variable", name);
    }
}
