using Gantry.Azure.SignIn;
using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Service;
using Gantry.Nuke.AzureDevOps;
using Gantry.Nuke.Generation;
using Gantry.Nuke.Versioning;
using Serilog;

namespace Gantry.Nuke;

/// <summary>A project of Azure DevOps that the build speaks to. In a pipeline, and in a clone of a repository of Azure Repos, nothing has to be said.</summary>
public interface IHazAzureDevOps : INukeBuild
{
    /// <summary>The organization.</summary>
    [Parameter("Organization of Azure DevOps, by name or address. Default is that of the running pipeline or of the repository")]
    string? AzureDevopsOrganization => TryGetValue(() => AzureDevopsOrganization);

    /// <summary>The project.</summary>
    [Parameter("Project of Azure DevOps. Default is that of the running pipeline or of the repository")]
    string? AzureDevopsProject => TryGetValue(() => AzureDevopsProject);

    /// <summary>The token, where it is not that of the running job.</summary>
    [Parameter("Personal access token for Azure DevOps. Default is System.AccessToken, AZURE_DEVOPS_EXT_PAT or whoever is signed in to Azure")]
    [Secret]
    string? AzureDevopsToken => TryGetValue(() => AzureDevopsToken);

    /// <summary>The pipelines that are meant.</summary>
    [Parameter("Pipelines that are meant, by name or id, where several run the same file of this repository")]
    string[]? AzureDevopsPipelines => TryGetValue(() => AzureDevopsPipelines);

    /// <summary>A client of the project; <c>GAN9040</c> to <c>GAN9042</c> when it is not known which or as whom.</summary>
    internal sealed AzureDevOpsClient OpenAzureDevOps()
    {
        var project = AzureDevOpsProject.Find(AzureDevopsOrganization, AzureDevopsProject, EnvironmentInfo.Variables, RepositoryUrl);
        IAzureDevOpsCredential credential = AzurePipelines.Service.AzureDevOpsToken.Find(AzureDevopsToken, EnvironmentInfo.Variables, project) is { } token ? token
            : project.IsInTheService ? new EntraCredential(project, () => AzureRun.Session(this).Credential(identity: null, AzureCloud.Public))
            : throw AzureDevOpsErrors.NotSignedIn(project, "there is no token, and a server of one's own does not know Azure's");
        Log.Information("{Project:l}, as {Origin:l}", project.ToString(), credential.Origin);
        return new AzureDevOpsClient(project, credential, TimeProvider.System);
    }

    /// <summary>What the build class declares, once for each of its pipelines; <c>GAN9068</c>.</summary>
    internal sealed IReadOnlyList<PipelineDeclaration> DeclaredPipelines()
    {
        var declared = GenerationRun.GeneratorsOf(this).OfType<PromotionPipelineAttribute>().Select(attribute => PipelineDeclarations.Of(this, attribute)).ToList();
        return declared.Count > 0 ? declared : throw AzureDevOpsErrors.NoPipelines(GetType().Name);
    }

    /// <summary>The repository, as a browser opens it; null when it is not known.</summary>
    internal sealed string? RepositoryUrl =>
        EnvironmentInfo.Variables.GetValueOrDefault("BUILD_REPOSITORY_URI") is { Length: > 0 } url ? RemoteUrl.Browsable(url)
        : new Git(RootDirectory).TryRun("remote", "get-url", "origin") is { } remote ? RemoteUrl.Browsable(remote)
        : null;
}
