using Gantry.Display;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.Promoting;

/// <summary>Shows the release in each environment, as read from the registries and compared with the base registry.</summary>
internal static class EnvironmentOverview
{
    /// <summary>
    /// Reads the registries and prints a table. Throws the first problem after that: an environment that could not be read, or that is not
    /// as it was promoted, must not look like success to a script.
    /// </summary>
    /// <param name="registries">The registries of the build.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="images">The names of the images.</param>
    /// <param name="version">The version to look for, or null.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public static async Task ShowAsync(
        RegistrySettings registries, SigningKeys keys, IReadOnlyList<string> images, string? version, CancellationToken cancellationToken)
    {
        var targets = new List<PromotionTarget>();
        foreach (var environment in EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([]))
            targets.AddRange(await keys.TargetsOfAsync(environment, cancellationToken));

        // Each environment may have its own identity. What has a digest never changes, so what an earlier run has read is not read again.
        var cache = ContentCache.UserFolder is { } folder ? new ContentCache(Path.Combine(folder, "contents")) : null;
        var published = new BaseReleases(Cached(RegistryAccess.Of(registries)), registries.Base, images);
        var status = RegionComparison.Compare(await Task.WhenAll(targets.Select(target =>
            new EnvironmentReader(Cached(RegistryAccess.Of(registries, target.Environment)), TimeProvider.System) { Base = published }
                .ReadAsync(target, images, version, cancellationToken))));
        var now = TimeProvider.System.GetUtcNow();
        EnvironmentTable.Write(BuildOutput.Out, status, now);
        RunReport.Current.WriteEnvironments(status, now);
        ThrowIfWrong(status);

        IRegistryClient Cached(RegistryAccess access) => cache is null ? access.Client : new CachedRegistryClient(access.Client, cache);
    }

    private static void ThrowIfWrong(IReadOnlyList<EnvironmentStatus> status)
    {
        var count = EnvironmentStatusFormatter.Problems(status).Count();
        if (status.SelectMany(environment => environment.Problems).FirstOrDefault() is { } first)
            throw count == 1 ? first : PromoteErrors.SeveralProblems(first, count - 1);
    }
}
