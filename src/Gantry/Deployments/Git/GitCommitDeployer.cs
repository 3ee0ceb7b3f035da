using Gantry.Environments;
using Gantry.Http;

namespace Gantry.Deployments.Git;

/// <summary>Commits digests to git repositories with the git program.</summary>
/// <param name="time">The clock that retries use.</param>
/// <param name="variable">The environment variables that tokens are read from.</param>
public sealed class GitCommitDeployer(TimeProvider time, Func<string, string?> variable) : IDeployer, IHostReader
{
    private const int Attempts = 5;

    /// <summary>Receives one line about each retry; null for none.</summary>
    public Action<string>? Log { get; init; }

    private Retry Retry => field ??= new(new HttpRetryOptions { Attempts = Attempts - 1, Delay = TimeSpan.FromSeconds(1) }, time, Log);

    /// <inheritdoc/>
    public bool Accepts(Deployment deployment) => deployment is GitCommitDeployment;

    /// <inheritdoc/>
    public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken) => Retry.ExecuteAsync(
        async token =>
        {
            using var tree = await CloneAsync((GitCommitDeployment)order.Deployment, token);
            var (_, before, edited) = await tree.EditAsync(order, token);
            return new HostState(edited.Image, IsCurrent: edited.Text == before);
        },
        cancellationToken);

    /// <summary>Reads the image that the file on the branch names. What the cluster has made of it is not known.</summary>
    /// <param name="query">The host and the image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<HostReading> ReadAsync(HostQuery query, CancellationToken cancellationToken) => Retry.ExecuteAsync(
        async token =>
        {
            using var tree = await CloneAsync((GitCommitDeployment)query.Deployment, token);
            return HostReading.Of(await tree.ReadImageAsync(query.Image, token));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken) => Retry.ExecuteAsync(
        async token =>
        {
            using var tree = await CloneAsync((GitCommitDeployment)order.Deployment, token);
            return await CommitAsync(tree, order, token);
        },
        cancellationToken);

    private Task<GitWorkTree> CloneAsync(GitCommitDeployment deployment, CancellationToken cancellationToken)
    {
        var token = deployment.Token is { } text ? VariableExpander.Expand(text, deployment.Description, variable) : null;
        return GitWorkTree.CloneAsync(deployment, token, cancellationToken);
    }

    private static async Task<string> CommitAsync(GitWorkTree tree, DeploymentOrder order, CancellationToken cancellationToken)
    {
        var deployment = (GitCommitDeployment)order.Deployment;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var (file, before, edited) = await tree.EditAsync(order, cancellationToken);
            if (edited.Text == before)
                return $"{file} is up to date already";

            await tree.CommitAsync(file, edited.Text, Message(order), cancellationToken);
            if (await tree.PushAsync(cancellationToken))
                return $"committed {await tree.HeadAsync(cancellationToken)}";
            await tree.RefreshAsync(cancellationToken);
        }

        throw DeploymentErrors.PushRaced(deployment.Repository, deployment.Branch, Attempts);
    }

    private static string Message(DeploymentOrder order)
    {
        var build = order.Release.BuildUrl is { } url ? $"\nBuild: {url}" : "";
        return $"{order.Image.Name} {order.Release.Version} to {order.Target.Environment}\n\n{order.Reference}\n\n"
            + $"Release: {order.Release.Version}\nCommit: {order.Release.Commit}{build}\n";
    }
}
