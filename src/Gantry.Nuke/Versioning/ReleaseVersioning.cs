namespace Gantry.Nuke.Versioning;

/// <summary>Combines git, GitVersion and the version parameter into the one version of assemblies, images and the release.</summary>
internal static class ReleaseVersioning
{
    /// <summary>
    /// Throws GAN7006, GAN7007 or GAN7062 when GitVersion would return a wrong version with exit code 0, or that of another working copy.
    /// </summary>
    public static void EnsureCountable(SourceRevision revision, string folder)
    {
        if (revision.Problem is not null)
            throw VersionErrors.NoGit(folder, revision.Problem);
        if (revision.IsShallow)
            throw VersionErrors.ShallowClone(folder);
        if (revision.MissingSources.Count > 0)
            throw VersionErrors.IncompleteCheckout(folder, revision.DescribeMissing());
        if (revision.UncommittedProblem is { } problem)
            throw VersionErrors.UncommittedUnknown(folder, problem);
    }

    /// <summary>Creates the version from a parameter value.</summary>
    public static GitVersion FromParameter(string text, SourceRevision revision) => From(SemanticVersion.Parse(text), revision);

    /// <summary>
    /// Adapts the result of GitVersion: the commit is the only build metadata, so that a branch and a detached head compile the same bytes,
    /// and a working copy with uncommitted changes has its own version.
    /// </summary>
    public static GitVersion FromGitVersion(GitVersion told, SourceRevision revision)
    {
        var version = SemanticVersion.Parse(told.SemVer);
        if (revision.UncommittedTree is { } tree)
            version = version with { PreRelease = version.PreRelease.Length > 0 ? $"{version.PreRelease}.dirty-{tree}" : $"dirty-{tree}" };
        return told with
        {
            SemVer = version.Release,
            FullSemVer = version.Release,
            PreReleaseTag = version.PreRelease,
            PreReleaseTagWithDash = version.PreRelease.Length > 0 ? "-" + version.PreRelease : "",
            InformationalVersion = Informational(version, revision),
            NuGetVersion = version.Release,
            NuGetVersionV2 = version.Release,
        };
    }

    private static GitVersion From(SemanticVersion version, SourceRevision revision) => new(
        Major: version.Major,
        Minor: version.Minor,
        Patch: version.Patch,
        PreReleaseTag: version.PreRelease,
        PreReleaseTagWithDash: version.PreRelease.Length > 0 ? "-" + version.PreRelease : "",
        PreReleaseLabel: "",
        PreReleaseLabelWithDash: "",
        PreReleaseNumber: "",
        WeightedPreReleaseNumber: "",
        BuildMetaData: version.BuildMetadata,
        BuildMetaDataPadded: version.BuildMetadata,
        FullBuildMetaData: version.BuildMetadata,
        MajorMinorPatch: version.MajorMinorPatch,
        SemVer: version.Release,
        LegacySemVer: version.Release,
        LegacySemVerPadded: version.Release,
        AssemblySemVer: $"{version.MajorMinorPatch}.0",
        AssemblySemFileVer: $"{version.MajorMinorPatch}.0",
        FullSemVer: version.Release,
        InformationalVersion: Informational(version, revision),
        BranchName: revision.Branch,
        EscapedBranchName: revision.Branch?.Replace('/', '-'),
        Sha: revision.Commit,
        ShortSha: revision.Commit?[..7],
        NuGetVersionV2: version.Release,
        NuGetVersion: version.Release,
        NuGetPreReleaseTagV2: version.PreRelease,
        NuGetPreReleaseTag: version.PreRelease,
        VersionSourceSha: "",
        CommitsSinceVersionSource: "",
        CommitsSinceVersionSourcePadded: "",
        UncommittedChanges: null,
        CommitDate: revision.CommitTime?.ToString("yyyy-MM-dd"));

    private static string Informational(SemanticVersion version, SourceRevision revision) =>
        revision.Commit is { } commit ? $"{version.Release}+{commit}" : version.Release;
}
