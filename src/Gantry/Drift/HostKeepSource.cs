using Gantry.Deployments;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Pruning;

namespace Gantry.Drift;

/// <summary>
/// Names the images that the hosts of an environment run, so that they are not deleted. A host that cannot be read is an error; one that
/// there is no way to ask is skipped.
/// </summary>
/// <param name="deployers">The deployers. The first one that accepts a deployment reads its host, if it is an
/// <see cref="IHostReader"/>.</param>
/// <param name="variable">The environment variables that secrets are read from.</param>
public sealed class HostKeepSource(IReadOnlyList<IDeployer> deployers, Func<string, string?> variable) : IKeepSource
{
    private const string DefaultTag = "latest";

    private readonly HostReaders _readers = new(deployers, variable);

    /// <summary>Called for a host that there is no way to ask, with the reason as its note.</summary>
    public Action<HostComparison>? Skipped { get; init; }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4075</c>: no deployer accepts a deployment; <c>GAN4072</c>: a deployment does not say which
    /// image it is for; <c>GAN4511</c>: a host names no image; and the errors of the host.</exception>
    public async Task<IReadOnlyList<NamedKeep>> FindAsync(
        PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var questions = HostReaders.DeploymentsOf(target).SelectMany(deployment => QuestionsOf(deployment, target, images)).ToList();
        var answers = await Concurrently.SelectAsync(questions, (ask, token) => ask(token), cancellationToken);
        return [.. answers.SelectMany(keeps => keeps).Distinct()];
    }

    private IEnumerable<Func<CancellationToken, Task<IReadOnlyList<NamedKeep>>>> QuestionsOf(
        Deployment deployment, PromotionTarget target, IReadOnlyList<string> images)
    {
        // Where nothing was promoted, a host need not be there yet.
        var asked = images.Where(image => deployment.Image is null || deployment.Image == image).ToList();
        if (asked.Count == 0)
            return [];
        if (deployment.Image is null && !deployment.IsForAll && asked.Count > 1)
            throw DeploymentErrors.ImageNotSpecified(deployment.Description, asked);
        var (reader, notRead) = _readers.Find(deployment, target);
        if (reader is null)
        {
            Skipped?.Invoke(new HostComparison
            {
                Place = target.DisplayName,
                Host = deployment.Description,
                Image = deployment.Image,
                Agreement = HostAgreement.NotRead,
                Note = notRead,
            });
            return [];
        }

        return asked.Select(image => new Func<CancellationToken, Task<IReadOnlyList<NamedKeep>>>(async token =>
        {
            var reading = await reader.ReadAsync(new HostQuery(deployment, target, image), token);
            return [.. reading.Images.Select(found => ToKeep(deployment, target, found))];
        }));
    }

    private static NamedKeep ToKeep(Deployment deployment, PromotionTarget target, HostImage image)
    {
        var keep = new NamedKeep(KeepReasonKind.Host, $"{deployment.Description} of {target.DisplayName} runs it")
        {
            Repository = image.Repository,
        };
        if (image.Digest is { } digest)
            return keep with { Digest = digest };
        return TagOf(image) is { } tag
            ? keep with { Tag = tag }
            : throw DriftErrors.UnknownImage(deployment.Description, target.DisplayName, image.Reference);
    }

    private static string? TagOf(HostImage image)
    {
        if (image.Repository is not { } repository || !image.Reference.StartsWith(repository, StringComparison.Ordinal))
            return null;
        var rest = image.Reference[repository.Length..];
        var tag = rest.Length == 0 ? DefaultTag : rest[1..];
        return Names.IsTag(tag) ? tag : null;
    }
}
