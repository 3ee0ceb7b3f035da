using Gantry.Nuke.Generation;
using Gantry.Nuke.Versioning;

namespace Gantry.Nuke;

/// <summary>
/// The version of what is built: GitVersion's, or the one that is given; never one that was guessed from missing history.
/// </summary>
public interface IHazReleaseVersion : IHazGitVersion
{
    /// <summary>The version to build, where git cannot tell it or shall not: <c>1.4.2</c>.</summary>
    [Parameter("Version of what is built, where GitVersion cannot or shall not tell it")]
    string? ReleaseVersion => TryGetValue(() => ReleaseVersion);

    /// <summary>What git says of the sources.</summary>
    sealed SourceRevision Revision => this.Once(() => SourceRevision.Read(RootDirectory, DerivedFiles.Of(this)));

    /// <summary>The version, <c>GAN7006</c> without git, <c>GAN7007</c> in a shallow clone, <c>GAN7008</c> when GitVersion fails.</summary>
    GitVersion IHazGitVersion.Versioning => VersionIsNeeded ? this.Once(DetermineVersion) : ReleaseVersioning.NotNeeded;

    // NUKE asks for every [Required] member before every run; promoting what exists needs neither git nor its history.
    private bool VersionIsNeeded => ExecutionPlan.Any(target =>
        target.Status != ExecutionStatus.Skipped && target.Name is nameof(ICompile.Compile) or nameof(IBuildImage.BuildImage) or nameof(IPushBase.PushBase));

    private GitVersion DetermineVersion()
    {
        if (ReleaseVersion is { } given)
            return ReleaseVersioning.FromParameter(given, Revision);

        ReleaseVersioning.EnsureCountable(Revision, RootDirectory);
        var told = TryGetValue(() => Versioning)
            ?? throw BuildErrors.GitVersionFailed("it printed no version (the warning above says more)");
        return ReleaseVersioning.FromGitVersion(told, Revision);
    }
}
