using System.Globalization;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// The repositories in Azure Repos that deployments commit to with the token of the job. The token covers those that the pipeline names.
/// </summary>
internal static class GitOpsRepositories
{
    /// <summary>The variable of the token of the job.</summary>
    public const string JobToken = "System.AccessToken";

    private const string Alias = "deployments";

    /// <summary>True for a commit that is made with the token of the job.</summary>
    public static bool UsesJobToken(GitCommitDeployment deployment) =>
        deployment.Variables.Contains(JobToken, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the repositories that deployments of a job commit to with its token.</summary>
    /// <param name="declaration">The declaration, in which a repository has one alias for all jobs.</param>
    /// <param name="deployments">The deployments.</param>
    public static IReadOnlyList<RepositoryResource> Of(PipelineDeclaration declaration, IEnumerable<Deployment> deployments)
    {
        var all = Find(declaration.Environments.SelectMany(environment => environment.Environment.Deployments));
        return
        [
            .. Find(deployments).Select(found => Resource(found.Branch, found.Repository, all.FindIndex(other => IsSame(other, found)))),
        ];
    }

    /// <summary>Returns the repositories that the deployments of a declaration commit to with the token of the job.</summary>
    public static IEnumerable<AzureReposRepository> Addresses(PipelineDeclaration declaration) =>
        Find(declaration.Environments.SelectMany(environment => environment.Environment.Deployments)).Select(found => found.Repository);

    /// <summary>Adds the repositories that jobs use to the resources of their pipeline.</summary>
    public static Pipeline AddTo(Pipeline pipeline)
    {
        var used = pipeline.Stages.OfType<Stage>()
            .SelectMany(stage => stage.Jobs)
            .SelectMany(job => job.Repositories)
            .DistinctBy(repository => repository.Alias)
            .ToList();
        var resources = pipeline.Resources ?? new PipelineResources();
        return used.Count == 0
            ? pipeline
            : pipeline with { Resources = resources with { Repositories = [.. resources.Repositories, .. used] } };
    }

    private static List<(AzureReposRepository Repository, string Branch)> Find(IEnumerable<Deployment> deployments) =>
    [
        .. deployments.OfType<GitCommitDeployment>()
            .Where(UsesJobToken)
            .Select(deployment => (Repository: AzureReposRepository.Find(deployment.Repository), deployment.Branch))
            .Where(found => found.Repository is not null)
            .Select(found => (Repository: found.Repository!, found.Branch))
            .DistinctBy(found => found.Repository.FullName, StringComparer.OrdinalIgnoreCase),
    ];

    private static bool IsSame((AzureReposRepository Repository, string) one, (AzureReposRepository Repository, string) other) =>
        one.Repository.FullName.Equals(other.Repository.FullName, StringComparison.OrdinalIgnoreCase);

    // Without a branch, the service looks for one that is called main.
    private static RepositoryResource Resource(string branch, AzureReposRepository repository, int number) =>
        new(Alias + (number == 0 ? "" : (number + 1).ToString(CultureInfo.InvariantCulture)), "git", repository.FullName)
        {
            Reference = "refs/heads/" + branch,
            Origin = "Deployments",
        };
}
