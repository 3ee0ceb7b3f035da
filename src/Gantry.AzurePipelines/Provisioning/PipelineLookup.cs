using System.Globalization;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Finds the pipelines of a repository by their files.</summary>
internal sealed class PipelineLookup(AzureDevOpsClient client, string? repository, IReadOnlyList<string> named)
{
    /// <summary>
    /// The pipeline of each file, null where there is none yet; <c>GAN9053</c> when there are several, <c>GAN9054</c> when one that was
    /// named runs none of the files.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, DefinitionDocument?>> FindAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DefinitionDocument?>(StringComparer.Ordinal);
        var unused = new HashSet<string>(named, StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            var candidates = await CandidatesAsync(file, cancellationToken);
            var chosen = candidates.Where(pipeline => named.Any(name => IsCalled(pipeline, name))).ToList();
            unused.RemoveWhere(name => chosen.Any(pipeline => IsCalled(pipeline, name)));
            if (chosen.Count == 0)
                chosen = [.. candidates.Where(IsOfRepository)];
            if (chosen.Count > 1)
                throw ProvisioningErrors.AmbiguousPipeline(file, chosen.Select(Describe));
            found[file] = chosen.SingleOrDefault();
        }

        return unused.Count == 0 ? found : throw ProvisioningErrors.UnknownPipeline(unused.First(), files);
    }

    /// <summary>For people: <c>'shop' (12)</c>.</summary>
    public static string Describe(DefinitionDocument pipeline) => string.Create(CultureInfo.InvariantCulture, $"'{pipeline.Name}' ({pipeline.Id})");

    // Pipelines keep the file as somebody wrote it, with or without '/' at its start.
    private async Task<IReadOnlyList<DefinitionDocument>> CandidatesAsync(string file, CancellationToken cancellationToken)
    {
        var plain = await client.FindPipelinesAsync(file, cancellationToken);
        var rooted = await client.FindPipelinesAsync("/" + file, cancellationToken);
        return
        [
            .. plain.Concat(rooted)
                .Where(pipeline => pipeline.Process?.YamlFilename?.TrimStart('/').Equals(file, StringComparison.OrdinalIgnoreCase) == true)
                .DistinctBy(pipeline => pipeline.Id),
        ];
    }

    private bool IsOfRepository(DefinitionDocument pipeline) =>
        RepositoryName.Find(repository) is not { } ours || RepositoryName.Find(pipeline.Repository?.Url) is not { } theirs || ours == theirs;

    private static bool IsCalled(DefinitionDocument pipeline, string name) =>
        pipeline.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || name == pipeline.Id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Repositories by their addresses, of which every one has several.</summary>
internal static class RepositoryName
{
    /// <summary>One text for all addresses of a repository; null when it is none.</summary>
    public static string? Find(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return null;

        var host = uri.Host.ToLowerInvariant();
        var path = Uri.UnescapeDataString(uri.AbsolutePath).ToLowerInvariant().Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (path.Count > 0 && path[^1].EndsWith(".git", StringComparison.Ordinal))
            path[^1] = path[^1][..^4];
        const string legacy = ".visualstudio.com";
        if (host.EndsWith(legacy, StringComparison.Ordinal))
        {
            path.Remove("defaultcollection");
            path.Insert(0, host[..^legacy.Length]);
            host = "dev.azure.com";
        }

        // A repository that has the name of its project is also known without the project.
        if (path is [_, "_git", var both])
            path.Insert(1, both);
        return $"{host}/{string.Join('/', path)}";
    }
}
