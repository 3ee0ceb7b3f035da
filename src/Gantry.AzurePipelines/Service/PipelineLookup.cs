using System.Globalization;

namespace Gantry.AzurePipelines.Service;

/// <summary>Finds the pipelines of a repository by their files.</summary>
internal sealed class PipelineLookup(AzureDevOpsClient client, string? repository, IReadOnlyList<string> named)
{
    /// <summary>
    /// Finds the pipeline of each file, or null when there is none yet. Throws <c>GAN9053</c> when there are several, and <c>GAN9054</c>
    /// when a specified pipeline runs none of the files.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, DefinitionDocument?>> FindAsync(
        IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var candidates = new Dictionary<string, IReadOnlyList<DefinitionDocument>>(StringComparer.Ordinal);
        foreach (var file in files)
            candidates[file] = await CandidatesAsync(file, cancellationToken);
        if (named.FirstOrDefault(name =>
            !candidates.Values.Any(pipelines => pipelines.Any(pipeline => IsCalled(pipeline, name)))) is { } unknown)
            throw ServiceErrors.UnknownPipeline(unknown, files);
        return candidates.ToDictionary(pair => pair.Key, pair => Choose(pair.Key, pair.Value), StringComparer.Ordinal);
    }

    /// <summary>Describes a pipeline for messages: <c>'shop' (12)</c>.</summary>
    public static string Describe(DefinitionDocument pipeline) =>
        string.Create(CultureInfo.InvariantCulture, $"'{pipeline.Name}' ({pipeline.Id})");

    private DefinitionDocument? Choose(string file, IReadOnlyList<DefinitionDocument> candidates)
    {
        var chosen = candidates.Where(pipeline => named.Any(name => IsCalled(pipeline, name))).ToList();
        if (chosen.Count == 0)
            chosen = [.. candidates.Where(IsOfRepository)];
        return chosen.Count > 1 ? throw ServiceErrors.AmbiguousPipeline(file, chosen.Select(Describe)) : chosen.SingleOrDefault();
    }

    // Pipelines keep the file name as it was entered, with or without '/' at its start.
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
        RepositoryName.Find(repository) is not { } ours
        || RepositoryName.Find(pipeline.Repository?.Url) is not { } theirs
        || ours == theirs;

    private static bool IsCalled(DefinitionDocument pipeline, string name) =>
        pipeline.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || name == pipeline.Id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies repositories by their URLs, of which each repository has several.</summary>
internal static class RepositoryName
{
    /// <summary>Returns the same text for all URLs of a repository, or null when it is not a URL.</summary>
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

        // A repository with the name of its project also has a URL without the project.
        if (path is [_, "_git", var both])
            path.Insert(1, both);
        return $"{host}/{string.Join('/', path)}";
    }
}
