using Gantry.Registries;
using Gantry.Azure.SignIn;
using Gantry.Nuke.Execution;
using Gantry.AzurePipelines.Service;
using Gantry.AzurePipelines;
using Gantry.Differences;
using Gantry.Nuke.AzureDevOps;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Generation;
using Gantry.Nuke.Versioning;

namespace Gantry.Nuke;

/// <summary>
/// A connection to a project of Azure DevOps. In a pipeline, and in a clone of an Azure Repos repository, no parameters are needed.
/// </summary>
public interface IHazAzureDevOps : INukeBuild
{
    /// <summary>The organization.</summary>
    [Parameter("Organization of Azure DevOps, by name or address. Default is the organization of the running pipeline or of the "
        + "repository")]
    string? AzureDevopsOrganization => TryGetValue(() => AzureDevopsOrganization);

    /// <summary>The project.</summary>
    [Parameter("Project of Azure DevOps. Default is the project of the running pipeline or of the repository")]
    string? AzureDevopsProject => TryGetValue(() => AzureDevopsProject);

    /// <summary>The token, when it is not that of the running job.</summary>
    [Parameter("Personal access token for Azure DevOps. Default is System.AccessToken, AZURE_DEVOPS_EXT_PAT or the Azure sign-in")]
    [Secret]
    string? AzureDevopsToken => TryGetValue(() => AzureDevopsToken);

    /// <summary>The pipelines to use.</summary>
    [Parameter("Pipelines to use, by name or id, when several run the same file of this repository")]
    string[]? AzureDevopsPipelines => TryGetValue(() => AzureDevopsPipelines);

    /// <summary>
    /// Creates a client for the project. Throws <c>GAN9040</c> to <c>GAN9042</c> when the project or the credential cannot be determined.
    /// </summary>
    internal sealed AzureDevOpsClient OpenAzureDevOps()
    {
        var project = AzureDevOpsProject.Find(AzureDevopsOrganization, AzureDevopsProject, EnvironmentInfo.Variables, RepositoryUrl);
        var credential = FindCredential(project);
        BuildOutput.Information($"{project}, as {credential.Origin}");
        return new AzureDevOpsClient(project, credential, TimeProvider.System)
        {
            NoProgressTimeout = RegistryEnvironment.ReadNoProgressTimeout(),
            Notice = line => BuildOutput.Information(line),
            Log = VerboseLog.Write,
        };
    }

    private IAzureDevOpsCredential FindCredential(AzureDevOpsProject project)
    {
        if (AzurePipelines.Service.AzureDevOpsToken.Find(AzureDevopsToken, EnvironmentInfo.Variables, project) is { } token)
        {
            token.AddTo(BuildOutput.Secrets);
            return token;
        }

        return project.IsInTheService
            ? new EntraCredential(project, () => AzureSessions.Of(this).Credential(identity: null, AzureCloud.Public), BuildOutput.Secrets)
            : throw AzureDevOpsErrors.NotSignedIn(project, "there is no token, and a self-hosted server does not accept those of Azure");
    }

    /// <summary>True when the build class has pipelines of Azure DevOps.</summary>
    internal sealed bool HasPipelines => GenerationRun.GeneratorsOf(this).OfType<PromotionPipelineAttribute>().Any();

    /// <summary>Returns the declaration of each pipeline of the build class, or throws <c>GAN9068</c>.</summary>
    internal sealed IReadOnlyList<PipelineDeclaration> DeclaredPipelines()
    {
        var declared = GenerationRun.GeneratorsOf(this)
            .OfType<PromotionPipelineAttribute>()
            .Select(attribute => PipelineDeclarations.Of(this, attribute))
            .ToList();
        return declared.Count > 0 ? declared : throw AzureDevOpsErrors.NoPipelines(GetType().Name);
    }

    /// <summary>The URL of the repository for a browser, or null when it is not known.</summary>
    internal sealed string? RepositoryUrl
    {
        get
        {
            var url = EnvironmentInfo.Variables.GetValueOrDefault("BUILD_REPOSITORY_URI");
            if (string.IsNullOrEmpty(url))
                url = new Git(RootDirectory).TryRun("remote", "get-url", "origin");
            return url is null ? null : RemoteRepository.Parse(url)?.Url;
        }
    }
}
